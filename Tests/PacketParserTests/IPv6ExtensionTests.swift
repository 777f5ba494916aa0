import PacketParser
import Testing
import TraceScript

struct IPv6ExtensionTests {
  /// The sample segment behind extension headers, the first of which has the number `first`.
  private func packet(_ first: UInt8, _ headers: String) -> [UInt8] {
    SampleFrame.segment6.ipPacket(
      carrying: bytes(headers) + SampleFrame.segment6.tcp, protocolNumber: first)
  }

  static let chains: [(name: String, first: UInt8, headers: String)] = [
    ("hop-by-hop options", 0, "06 00 0502 0000 0100"),
    ("destination options, two units", 60, "06 01 010c 00000000 00000000 00000000"),
    ("routing, no segments left", 43, "06 02 00 00 00000000 \(SampleFrame.zeros(16))"),
    ("authentication", 51, "06 04 0000 00000001 00000001 \(SampleFrame.zeros(12))"),
    ("mobility", 135, "06 00 0000 00000000"),
    ("host identity", 139, "06 00 0000 00000000"),
    ("shim6", 140, "06 00 8000 00000000"),
    ("atomic fragment", 44, "06 00 0000 12345678"),
    (
      "four in a row", 0,
      """
      2b 00 010400000000
      3c 00 04 00 00000000
      33 00 010400000000
      06 04 0000 00000001 00000001 \(SampleFrame.zeros(12))
      """
    ),
  ]

  @Test(arguments: chains)
  func `extension headers are passed over`(name: String, first: UInt8, headers: String) {
    let packet = packet(first, headers)
    let decoding = decode(packet, .ipv6)
    #expect(decoding.isSegment, "\(name)")
    #expect(decoding.segment.payloadLength == 24)
    #expect(Int(decoding.segment.packetLength) == packet.count)
    #expect(decoding.segment.checksumStatus == .correct)
    #expect(decoding.layers == [])
  }

  @Test(arguments: chains)
  func `a cut anywhere in the headers is a truncation`(
    name: String, first: UInt8, headers: String
  ) {
    let packet = packet(first, headers)
    for length in 0..<(packet.count - 24) {
      let decoding = decode(
        Array(packet.prefix(length)), .ipv6, missing: packet.count - length)
      #expect(decoding.fate == .truncated, "\(name), \(length) bytes")
    }
  }

  @Test(arguments: [
    ("type 0: the last stop is last", "00"),
    ("type 2: the home address", "02"),
    ("type 4: the last stop is first", "04"),
  ])
  func `the final destination of a source route is the connection's end`(
    name: String, type: String
  ) {
    // The checksum was made with the final destination, and the header names the next stop.
    let segment = SampleFrame.segment6
    var nextStop = segment
    nextStop.destination.address = IPAddress(v6: 0x2001_0db8_0000_0000, 0x99)
    let header = bytes("06 02 \(type) 01 00000000 20010db8000000000000000000000002")
    let packet = nextStop.ipPacket(carrying: header + segment.tcp, protocolNumber: 43)
    let decoded = decode(packet, .ipv6).segment
    #expect(decoded.destination == segment.destination, "\(name)")
    #expect(decoded.checksumStatus == .correct)
  }

  @Test func `a routing header too short for an address is passed over`() {
    let decoding = decode(packet(43, "06 00 00 01 00000000"), .ipv6)
    #expect(decoding.isSegment)
    #expect(decoding.segment.destination == SampleFrame.segment6.destination)
  }

  @Test func `an authentication header below its minimum is malformed`() {
    #expect(decode(packet(51, "06 00 0000 00000001"), .ipv6).fate == .malformed)
  }

  @Test func `extension headers of IPv6 mean nothing in IPv4`() {
    let packet = SampleFrame.segment.ipPacket(
      carrying: bytes("06 00 0502 0000 0100") + SampleFrame.segment.tcp, protocolNumber: 60)
    #expect(decode(packet, .ipv4).fate == .notTCP)
  }
}
