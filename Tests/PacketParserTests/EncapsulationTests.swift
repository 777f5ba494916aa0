import PacketParser
import Testing
import TraceScript

struct EncapsulationTests {
  private func frame(vlans: [UInt16]) -> [UInt8] {
    var builder = FrameBuilder()
    builder.vlans = vlans
    return builder.ethernet
  }

  @Test func `a stack has one name, whatever came between`() {
    let stacks: [[UInt16]] = [[], [1], [2], [1], [1], [1, 2], [2, 1], [1, 2], []]
    let ids = decode(stacks.map(frame)).map(\.segment.encapsulation.rawValue)
    #expect(ids == [0, 1, 2, 1, 1, 3, 4, 3, 0])
  }

  @Test func `stacks beyond the limit share a name`() {
    var decoder = FrameDecoder(linkType: .ethernet, encapsulationLimit: 2)
    var segment = Segment()
    var ids: [EncapsulationID] = []
    for vlan: UInt16 in [1, 2, 3, 4, 2] {
      let frame = frame(vlans: [vlan])
      let info = FrameInfo(number: 1, time: Timestamp(nanoseconds: 0), wireLength: frame.count)
      _ = withBytes(of: frame) { decoder.decode($0, info, into: &segment) }
      ids.append(segment.encapsulation)
    }
    let layers = decoder.layers(of: .other)
    #expect(ids.map(\.rawValue) == [1, 2, 0xffff, 0xffff, 2])
    #expect(layers == [])
  }

  @Test func `tunnels within tunnels have a limit`() {
    let deepest = Array(repeating: UInt16(5), count: FrameDecoder.layerLimit)
    #expect(decode(frame(vlans: deepest)).isSegment)
    #expect(decode(frame(vlans: deepest + [5])).fate == .nestedTooDeep)

    var packet = SampleFrame.packet
    for depth in 1...(FrameDecoder.layerLimit + 1) {
      packet = SampleFrame.segment.ipPacket(carrying: packet, protocolNumber: 4)
      let fate = decode(packet, .raw).fate
      #expect(fate == (depth <= FrameDecoder.layerLimit ? .tcp : .nestedTooDeep))
    }
  }

  @Test func `a port alone makes no tunnel`() {
    for port: UInt16 in [2152, 3544, 4789, 4790, 5072, 6081] {
      let header = bigEndian(UInt16(50000)) + bigEndian(port)
      let query =
        header + bytes("0024 0000 80c0 0100 0001 0000 0000 0000")
        + Array(repeating: 0xff, count: 16)
      let packet = SampleFrame.segment.ipPacket(carrying: query, protocolNumber: 17)
      #expect(decode(packet, .raw).fate == .notTCP, "port \(port)")
    }
  }

  @Test func `a tunnel's header may not reach beyond the length that it gives`() {
    // GTP-U: a length of 0, and a sequence number beyond it.
    let header = bigEndian(UInt16(2152)) + bigEndian(UInt16(2152))
    let message = header + bytes("0000 0000 32ff 0000 00000007 00010000") + SampleFrame.packet
    let packet = SampleFrame.segment.ipPacket(carrying: message, protocolNumber: 17)
    #expect(decode(packet, .raw).fate == .notTCP)
  }
}
