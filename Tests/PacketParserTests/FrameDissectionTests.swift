import PacketParser
import Testing
import TraceScript

struct FrameDissectionTests {
  /// The layers of the last of `frames`.
  private func dissect(_ frames: [[UInt8]], _ linkType: LinkType = .ethernet) -> FrameDissection? {
    var decoder = FrameDecoder(linkType: linkType)
    var segment = Segment()
    var dissection: FrameDissection?
    for (index, frame) in frames.enumerated() {
      let info = FrameInfo(
        number: index + 1, time: Timestamp(nanoseconds: 0), wireLength: frame.count)
      dissection = withBytes(of: frame) { decoder.dissect($0, info, into: &segment) }
    }
    return dissection
  }

  /// The layer as text, one field a line: `name: value (meaning) @offset+length`.
  private func text(_ layer: DissectedLayer?) -> [String] {
    (layer?.fields ?? []).map { field in
      let meaning = field.meaning.map { " (\($0))" } ?? ""
      return "\(field.name): \(field.value)\(meaning) @\(field.offset)+\(field.byteLength)"
    }
  }

  @Test func `every field of a TCP header has its line`() {
    var builder = SampleFrame.segment
    builder.sequence = 1_000_000
    builder.acknowledgment = 77
    builder.flags = [.syn, .ack, .ece]
    builder.options =
      FrameBuilder.maximumSegmentSize(1460) + FrameBuilder.timestamps(5, echo: 6)
    let dissection = dissect([builder.ethernet])
    #expect(dissection?.layers.map(\.name) == ["Ethernet", "IPv4", "TCP"])
    #expect(dissection?.layers.map(\.offset) == [0, 14, 34])
    #expect(dissection?.layers.map(\.byteLength) == [14, 20, 36])
    let checksum = String(decode(builder.ethernet).segment.checksum, radix: 16)
    #expect(
      text(dissection?.layers.last) == [
        "Source port: 40000 @34+2",
        "Destination port: 80 @36+2",
        "Sequence number: 1000000 @38+4",
        "Acknowledgment number: 77 @42+4",
        "Data offset: 9 (36 bytes) @46+1",
        "Reserved: 0 @46+1",
        "AE: 0 (not set) @46+2",
        "CWR: 0 (not set) @47+1",
        "ECE: 1 (set) @47+1",
        "URG: 0 (not set) @47+1",
        "ACK: 1 (set) @47+1",
        "PSH: 0 (not set) @47+1",
        "RST: 0 (not set) @47+1",
        "SYN: 1 (set) @47+1",
        "FIN: 0 (not set) @47+1",
        "Window: 65535 @48+2",
        "Checksum: 0x\(checksum) (correct) @50+2",
        "Urgent pointer: 0 @52+2",
        "Option: maximum segment size: 02:04:05:b4 (1460 bytes) @54+4",
        "Option: no operation: 1 @58+1",
        "Option: no operation: 1 @59+1",
        "Option: timestamps: 08:0a:00:00:00:05:00:00:00:06 (value 5, echo 6) @60+10",
      ])
  }

  @Test func `every field of the IP headers has its line`() {
    let layers = dissect([SampleFrame.ethernet])?.layers
    #expect(
      text(layers?.first) == [
        "Destination: 02:00:00:00:00:02 @0+6", "Source: 02:00:00:00:00:01 @6+6",
        "Type: 0x0800 (IPv4) @12+2",
      ])
    let ipv4 = text(layers?.dropFirst().first)
    #expect(
      Array(ipv4.prefix(11)) == [
        "Version: 4 @14+1", "Header length: 5 (20 bytes) @14+1", "DSCP: 0 @15+1",
        "ECN: 0 (not ECT) @15+1", "Total length: 64 @16+2", "Identification: 0x0000 @18+2",
        "Don't fragment: 0 (not set) @20+1", "More fragments: 0 (not set) @20+1",
        "Fragment offset: 0 @20+2", "Time to live: 64 @22+1", "Protocol: 6 (TCP) @23+1",
      ])
    #expect(Array(ipv4.suffix(2)) == ["Source: 192.0.2.1 @26+4", "Destination: 192.0.2.2 @30+4"])
    #expect(
      text(dissect([SampleFrame.packet6], .raw)?.layers.first) == [
        "Version: 6 @0+1", "DSCP: 0 @0+2", "ECN: 0 (not ECT) @0+2",
        "Flow label: 0x000000 @1+3", "Payload length: 44 @4+2", "Next header: 6 (TCP) @6+1",
        "Hop limit: 64 @7+1", "Source: 2001:db8::1 @8+16", "Destination: 2001:db8::2 @24+16",
      ])
  }

  static let options: [(hexadecimal: String, text: String)] = [
    ("0303 07", "Option: window scale: 03:03:07 (shift by 7)"),
    ("0402", "Option: SACK permitted: 04:02"),
    ("050a 00000001 00000009", "Option: SACK: 05:0a:00:00:00:01:00:00:00:09 (1–9)"),
    ("1c04 8002", "Option: user timeout: 1c:04:80:02 (2 minutes)"),
    (
      "1e0c 0001 1122334455667788",
      "Option: multipath TCP: 1e:0c:00:01:11:22:33:44:55:66:77:88 (subtype 0)"
    ),
    ("2202", "Option: fast open: 22:02 (asks for a cookie)"),
    ("2206 11223344", "Option: fast open: 22:06:11:22:33:44 (cookie of 4 bytes)"),
    ("fe04 f989", "Option: fast open (experimental): fe:04:f9:89"),
    ("4c03 01", "Option: kind 76: 4c:03:01"),
    ("0209 05b4", "Option: malformed: 02:09:05:b4"),
    ("02", "Option: malformed: 02:00:00:00"),
  ]

  @Test(arguments: options)
  func `an option says what it means`(hexadecimal: String, text expected: String) {
    var builder = FrameBuilder()
    builder.options = bytes(hexadecimal)
    let lines = text(dissect([builder.packet], .raw)?.layers.last)
    #expect(lines.dropFirst(18).first?.hasPrefix(expected + " @40+") == true)
  }

  @Test(arguments: SampleFrame.all)
  func `the layers tile the frame up to the payload`(sample: SampleFrame) {
    let layers = dissect([sample.bytes], sample.linkType)?.layers ?? []
    var end = 0
    for layer in layers {
      #expect(layer.offset == end)
      end += layer.byteLength
      let isInside = layer.fields.allSatisfy {
        $0.offset >= layer.offset && $0.offset + $0.byteLength <= end
      }
      #expect(isInside, "\(layer.name)")
    }
    #expect(layers.last?.name == "TCP")
    #expect(end == sample.bytes.count - 24)
  }

  @Test(arguments: SampleFrame.all)
  func `a frame cut anywhere can be dissected`(sample: SampleFrame) {
    for length in 0..<sample.bytes.count {
      let dissection = dissect([Array(sample.bytes.prefix(length))], sample.linkType)
      let end = dissection?.layers.last.map { $0.offset + $0.byteLength } ?? 0
      #expect(end <= length)
    }
  }

  @Test func `a frame without a segment is dissected as far as it goes`() {
    let query = SampleFrame.segment.ipPacket(
      carrying: bytes("c000 0035 000c 0000 01020304"), protocolNumber: 17)
    let dissection = dissect([query], .raw)
    #expect(dissection?.layers.map(\.name) == ["IPv4", "UDP"])
    #expect(text(dissection?.layers.last).dropFirst().first == "Destination port: 53 @22+2")
  }

  @Test func `what was reassembled says so`() {
    let tcp = SampleFrame.segment.tcp
    let frames = [
      SampleFrame.segment.ipv4Packet(
        carrying: Array(tcp[..<24]), protocolNumber: 6, moreFragments: true),
      SampleFrame.segment.ipv4Packet(
        carrying: Array(tcp[24...]), protocolNumber: 6, offset: 24),
    ]
    let layers = dissect(frames, .raw)?.layers
    #expect(layers?.map(\.name) == ["IPv4", "TCP"])
    #expect(layers?.map(\.isReassembled) == [false, true])
    #expect(layers?.map(\.offset) == [0, 0])
  }
}
