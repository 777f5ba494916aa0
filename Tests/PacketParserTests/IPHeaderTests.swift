import PacketParser
import Testing
import TraceScript

struct IPHeaderTests {
  @Test func `IPv4 options are passed over`() {
    var packet = SampleFrame.packet
    packet.replaceSubrange(0..<4, with: bytes("4600 0044"))
    packet.insert(contentsOf: bytes("07040000"), at: 20)
    let decoding = decode(packet, .ipv4)
    #expect(decoding.isSegment)
    #expect(decoding.segment.payloadLength == 24)
    #expect(decoding.segment.packetLength == 68)
    #expect(decoding.segment.checksumStatus == .correct)
  }

  @Test(arguments: [
    ("83", "04", true), ("89", "04", true), ("83", "08", false), ("94", "04", false),
  ])
  func `the last stop of a source route is the connection's end`(
    kind: String, pointer: String, isUnderWay: Bool
  ) {
    // The checksum was made with the last stop, and the header names the one before.
    let segment = SampleFrame.segment
    var nextStop = segment
    nextStop.destination.address = IPAddress(v4: 0xc633_6402)
    var packet = nextStop.ipPacket(carrying: segment.tcp, protocolNumber: 6)
    packet.replaceSubrange(0..<4, with: bytes("4700 0048"))
    packet.insert(contentsOf: bytes("\(kind)07\(pointer) c0000202 00"), at: 20)
    let decoded = decode(packet, .ipv4).segment
    #expect(decoded.destination == (isUnderWay ? segment : nextStop).destination)
    #expect(decoded.checksumStatus == (isUnderWay ? .correct : .wrong))
  }

  @Test(arguments: ["83030400", "83080400", "83000400", "07830400", "01010183", "83070400"])
  func `a broken IPv4 option changes nothing`(option: String) {
    var packet = SampleFrame.packet
    packet.replaceSubrange(0..<4, with: bytes("4600 0044"))
    packet.insert(contentsOf: bytes(option), at: 20)
    let decoded = decode(packet, .ipv4).segment
    #expect(decoded.destination == SampleFrame.segment.destination)
  }

  @Test func `an IPv4 length of 0 means the rest of the frame`() {
    var packet = SampleFrame.packet
    packet.replaceSubrange(2..<4, with: [0, 0])
    let segment = decode(packet, .ipv4).segment
    #expect(segment.payloadLength == 24)
    #expect(segment.packetLength == 64)
    #expect(segment.traits == .lengthFromFrame)
    #expect(segment.checksumStatus == .correct)
  }

  @Test func `an IPv6 length of 0 means the rest of the frame`() {
    var packet = SampleFrame.packet6
    packet.replaceSubrange(4..<6, with: [0, 0])
    let segment = decode(packet, .ipv6).segment
    #expect(segment.payloadLength == 24)
    #expect(segment.packetLength == 84)
    #expect(segment.traits == .lengthFromFrame)
  }

  @Test func `a packet longer than 64 KiB keeps its length`() {
    var packet = SampleFrame.packet
    packet.replaceSubrange(2..<4, with: [0, 0])
    let segment = decode(packet, .ipv4, missing: 100_000).segment
    #expect(segment.payloadLength == 100_024)
    #expect(segment.capturedPayloadLength == 24)
    #expect(segment.traits == [.lengthFromFrame, .truncated])
  }

  @Test func `a length beyond the frame is cut to the frame`() {
    var packet = SampleFrame.packet
    packet.replaceSubrange(2..<4, with: [0x05, 0xdc])
    let segment = decode(packet, .ipv4).segment
    #expect(segment.payloadLength == 24)
    #expect(segment.packetLength == 64)
    #expect(segment.traits == .lengthExceedsFrame)
    #expect(segment.checksumStatus == .unverified)
  }

  @Test(arguments: [
    ("an IPv4 header of four words", "44000040"),
    ("an IPv4 length below the header's", "45000013"),
    ("another version", "55000040"),
    ("a TCP header that the length cuts", "45000020"),
  ])
  func `an IPv4 header that contradicts itself is malformed`(what: String, start: String) {
    var packet = SampleFrame.packet
    packet.replaceSubrange(0..<4, with: bytes(start))
    #expect(decode(packet, .ipv4).fate == .malformed, "\(what)")
  }

  @Test func `an IPv6 header of another version is malformed`() {
    var packet = SampleFrame.packet6
    packet[0] = 0x50
    #expect(decode(packet, .ipv6).fate == .malformed)
  }

  static let dataOffsets: [(words: UInt8, fate: FrameFate)] = [
    (0, .malformed), (4, .malformed), (5, .tcp), (10, .tcp), (11, .tcp), (12, .malformed),
    (15, .malformed),
  ]

  @Test(arguments: dataOffsets)
  func `a data offset must lie between the header and the end`(words: UInt8, fate: FrameFate) {
    // The segment has 44 bytes: 11 words.
    var packet = SampleFrame.packet
    packet[32] = words << 4
    #expect(decode(packet, .ipv4).fate == fate)
  }

  @Test(arguments: [("UDP", 17), ("ESP", 50), ("SCTP", 132), ("nothing", 59)])
  func `other protocols are not TCP`(what: String, number: UInt8) {
    let packet = SampleFrame.segment.ipPacket(
      carrying: bytes("0035 0035 000c 0000 01020304"), protocolNumber: number)
    #expect(decode(packet, .ipv4).fate == .notTCP, "\(what)")
  }

  @Test(arguments: [("ARP", "0806"), ("an unknown type", "1234"), ("LLC of others", "0030")])
  func `other network layers are not IP`(what: String, type: String) {
    let frame = bytes(SampleFrame.macs + type) + bytes(String(repeating: "42", count: 60))
    #expect(decode(frame).fate == .notIP, "\(what)")
  }
}
