import PacketParser
import Testing
import TraceScript

struct ChecksumTests {
  @Test(arguments: [SampleFrame.segment, SampleFrame.segment6])
  func `a right checksum is right at every length`(sample: FrameBuilder) {
    var builder = sample
    for length in [0, 1, 2, 3, 4, 5, 7, 11, 12, 13, 31, 32, 33, 63, 64, 65, 1460, 9000, 40_001] {
      builder.payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
      #expect(decode(builder.packet, .raw).segment.checksumStatus == .correct, "\(length) bytes")
    }
  }

  @Test(arguments: [SampleFrame.segment, SampleFrame.segment6])
  func `a change of any byte of the segment is noticed`(builder: FrameBuilder) {
    let packet = builder.packet
    let start = packet.count - builder.tcp.count
    // Changing the data offset (byte 12) would make it another segment.
    for index in start..<packet.count where index != start + 12 {
      var changed = packet
      changed[index] ^= 0x10
      #expect(decode(changed, .raw).segment.checksumStatus == .wrong, "byte \(index - start)")
    }
  }

  @Test(arguments: [0, 4, 8, 12, 20, 40])
  func `so it is in a plain frame without payload, and of its addresses`(optionsLength: Int) {
    var builder = FrameBuilder()
    builder.options = Array(repeating: 1, count: optionsLength)
    let frame = builder.ethernet
    #expect(decode(frame).segment.checksumStatus == .correct)
    let (addresses, dataOffset) = (14 + 12, 14 + 20 + 12)
    for index in addresses..<frame.count where index != dataOffset {
      var changed = frame
      changed[index] ^= 0x10
      #expect(decode(changed).segment.checksumStatus == .wrong, "byte \(index)")
    }
  }

  @Test func `all ones and all zeros sum up without losing a carry`() {
    for byte in [UInt8(0), 0xff] {
      var builder = FrameBuilder()
      builder.payload = Array(repeating: byte, count: 65_001)
      var packet = builder.packet
      packet.replaceSubrange(2..<4, with: [0, 0])
      #expect(decode(packet, .raw).segment.checksumStatus == .correct)
    }
  }

  @Test(arguments: [SampleFrame.segment, SampleFrame.segment6])
  func `the sum of the pseudo-header alone is left to the network card`(builder: FrameBuilder) {
    var packet = builder.packet
    let field = packet.count - builder.tcp.count + 16
    packet.replaceSubrange(field..<(field + 2), with: bigEndian(builder.offloadedChecksum))
    let segment = decode(packet, .raw).segment
    #expect(segment.checksumStatus == .offloaded)
    #expect(segment.checksum == builder.offloadedChecksum)
  }

  @Test func `so is the sum without the length, as large sends have it`() {
    let builder = SampleFrame.segment
    var packet = builder.packet
    let withoutLength = builder.offloadedChecksum - UInt16(builder.tcp.count)
    packet.replaceSubrange(36..<38, with: bigEndian(withoutLength))
    #expect(decode(packet, .raw).segment.checksumStatus == .offloaded)
  }

  @Test func `verification can be left out`() {
    var decoder = FrameDecoder(linkType: .raw, verifiesChecksums: false)
    var segment = Segment()
    let packet = SampleFrame.packet
    let info = FrameInfo(
      number: 1, time: Timestamp(nanoseconds: 0), wireLength: packet.count)
    let result = withBytes(of: packet) { decoder.decode($0, info, into: &segment) }
    guard case .segment = result else {
      Issue.record("not a segment")
      return
    }
    #expect(segment.checksumStatus == .unverified)
  }
}
