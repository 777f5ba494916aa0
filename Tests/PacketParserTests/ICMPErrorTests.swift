import PacketParser
import Testing
import TraceScript

struct ICMPErrorTests {
  /// A router's message about a packet.
  private func message(
    _ type: UInt8, _ code: UInt8, rest: String = "00000000", quoting quote: [UInt8]
  ) -> [UInt8] {
    var router = FrameBuilder()
    router.source.address = IPAddress(v4: 0xc633_6401)
    return router.ipPacket(
      carrying: [type, code, 0, 0] + bytes(rest) + quote, protocolNumber: 1)
  }

  private func message6(
    _ type: UInt8, _ code: UInt8, rest: String = "00000000", quoting quote: [UInt8]
  ) -> [UInt8] {
    SampleFrame.segment6.ipPacket(
      carrying: [type, code, 0, 0] + bytes(rest) + quote, protocolNumber: 58)
  }

  static let quoted: FrameBuilder = {
    var builder = SampleFrame.segment
    builder.sequence = 0x0102_0304
    return builder
  }()
  static let quoted6: FrameBuilder = {
    var builder = SampleFrame.segment6
    builder.sequence = 0x0102_0304
    return builder
  }()

  @Test(arguments: [(3, 1), (3, 13), (4, 0), (11, 0), (12, 0)] as [(UInt8, UInt8)])
  func `an ICMP error tells of the segment that it quotes`(type: UInt8, code: UInt8) {
    // IP header and eight bytes, as RFC 792 asks for.
    let quote = Array(Self.quoted.packet.prefix(28))
    let decoding = decode(message(type, code, quoting: quote), .raw)
    #expect(decoding.fate == .notTCP)
    #expect(decoding.icmpError?.frame == 1)
    #expect(decoding.icmpError?.reporter == IPAddress(v4: 0xc633_6401))
    #expect(decoding.icmpError?.source == Self.quoted.source)
    #expect(decoding.icmpError?.destination == Self.quoted.destination)
    #expect(decoding.icmpError?.sequence == SequenceNumber(0x0102_0304))
    #expect(decoding.icmpError?.type == type)
    #expect(decoding.icmpError?.code == code)
    #expect(decoding.icmpError?.nextHopMTU == 0)
  }

  @Test(arguments: [(1, 4), (3, 0), (4, 1)] as [(UInt8, UInt8)])
  func `an ICMPv6 error tells of the segment that it quotes`(type: UInt8, code: UInt8) {
    let quote = Array(Self.quoted6.packet.prefix(48))
    let error = decode(message6(type, code, quoting: quote), .raw).icmpError
    #expect(error?.source == Self.quoted6.source)
    #expect(error?.destination == Self.quoted6.destination)
    #expect(error?.sequence == SequenceNumber(0x0102_0304))
  }

  @Test func `the MTU that a packet was too big for is kept`() {
    let error = decode(message(3, 4, rest: "000004b0", quoting: Self.quoted.packet), .raw)
    let error6 = decode(message6(2, 0, rest: "00000500", quoting: Self.quoted6.packet), .raw)
    #expect(error.icmpError?.nextHopMTU == 1200)
    #expect(error6.icmpError?.nextHopMTU == 1280)
  }

  @Test func `extension headers and first fragments are looked through`() {
    let tcp = Self.quoted6.tcp
    let extended = Self.quoted6.ipPacket(
      carrying: bytes("06 00 0000 00000000") + tcp, protocolNumber: 60)
    let fragment = Self.quoted6.ipv6Fragment(
      carrying: tcp, protocolNumber: 6, offset: 0, moreFragments: true)
    let fragment4 = Self.quoted.ipv4Packet(
      carrying: Self.quoted.tcp, protocolNumber: 6, moreFragments: true)
    for quote in [extended, fragment] {
      let error = decode(message6(3, 0, quoting: quote), .raw).icmpError
      #expect(error?.sequence == SequenceNumber(0x0102_0304))
    }
    let error = decode(message(11, 0, quoting: fragment4), .raw).icmpError
    #expect(error?.sequence == SequenceNumber(0x0102_0304))
  }

  @Test func `what does not quote a segment is no error about one`() {
    let packet = Self.quoted.packet
    let later = Self.quoted.ipv4Packet(
      carrying: Self.quoted.tcp, protocolNumber: 6, offset: 8, moreFragments: true)
    let udp = Self.quoted.ipPacket(carrying: Self.quoted.tcp, protocolNumber: 17)
    let messages = [
      message(8, 0, quoting: packet), message(5, 0, quoting: packet),
      message(3, 1, quoting: Array(packet.prefix(27))), message(3, 1, quoting: []),
      message(3, 1, quoting: later), message(3, 1, quoting: udp),
      message6(128, 0, quoting: Self.quoted6.packet),
      // A version that is not the carrier's.
      message6(1, 0, quoting: packet),
    ]
    for message in messages {
      let decoding = decode(message, .raw)
      #expect(decoding.icmpError?.frame == nil)
      #expect(decoding.fate == .notTCP)
    }
  }

  @Test func `an error of a tunnel's inside tells its encapsulation`() {
    var decoder = FrameDecoder(linkType: .ethernet)
    var segment = Segment()
    var builder = FrameBuilder()
    builder.vlans = [9]
    let message = message(3, 1, quoting: Self.quoted.packet)
    let frame = builder.ethernetFrame(carrying: message, type: 0x0800)
    let info = FrameInfo(number: 1, time: Timestamp(nanoseconds: 0), wireLength: frame.count)
    let result = withBytes(of: frame) { decoder.decode($0, info, into: &segment) }
    guard case .icmpError(let error) = result else {
      Issue.record("not an error")
      return
    }
    let layers = decoder.layers(of: error.encapsulation)
    #expect(layers == [.vlan(9)])
  }
}
