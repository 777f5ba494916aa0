import PacketParser
import Testing
import TraceScript

struct TCPOptionsTests {
  /// What a segment with these options is decoded into.
  private func decodeOptions(_ options: [UInt8]) -> Segment {
    var builder = FrameBuilder()
    builder.options = options
    return decode(builder.ethernet).segment
  }

  @Test(
    "the options of a SYN, as Linux orders them and as others do",
    arguments: [
      "0204 05b4 0402 080a 01020304 05060708 01 0303 07",
      "0204 05b4 01 0303 07 0402 080a 01020304 05060708",
      "0204 05b4 0402 080a 01020304 05060708 0303 07 01",
    ])
  func usualSYN(hexadecimal: String) {
    let segment = decodeOptions(bytes(hexadecimal))
    let options = segment.options
    #expect(
      options.present == [.maximumSegmentSize, .sackPermitted, .timestamps, .windowScale])
    #expect(options.maximumSegmentSize == 1460)
    #expect(options.windowScale == 7)
    #expect(options.timestampValue == 0x0102_0304)
    #expect(options.timestampEcho == 0x0506_0708)
    #expect(segment.headerLength == 40)
  }

  @Test func `the layout of nearly every segment reads like any other`() {
    let usual = decodeOptions(FrameBuilder.timestamps(10, echo: 20)).options
    let other = decodeOptions(bytes("080a 0000000a 00000014 01 01")).options
    for options in [usual, other] {
      #expect(options.present == .timestamps)
      #expect(options.timestampValue == 10)
      #expect(options.timestampEcho == 20)
    }
  }

  @Test(arguments: 1...4)
  func `SACK blocks are kept in their order`(count: Int) {
    let blocks = (0..<UInt32(count)).map { (left: $0 * 100, right: $0 * 100 + 50) }
    let options = decodeOptions(FrameBuilder.sack(blocks)).options
    #expect(options.present == .sack)
    #expect(Int(options.sackBlockCount) == count)
    for (index, block) in blocks.enumerated() {
      #expect(options.sackBlocks[index].left == SequenceNumber(block.left))
      #expect(options.sackBlocks[index].right == SequenceNumber(block.right))
    }
  }

  static let kinds: [(hexadecimal: String, present: TCPOptionSet)] = [
    ("0204 05b4", .maximumSegmentSize), ("0303 0e", .windowScale), ("0402", .sackPermitted),
    ("080a 00000001 00000002", .timestamps), ("050a 00000001 00000002", .sack),
    ("1312 00112233445566778899aabbccddeeff", .md5Signature),
    ("1d10 0102 00112233445566778899aabb", .authentication), ("1d04 0102", .authentication),
    ("1e0c 0001 1122334455667788", .multipath), ("1c04 8001", .userTimeout),
    ("2202", .fastOpen), ("220a 1122334455667788", .fastOpen),
    ("fe04 f989", .experimentalFastOpen), ("fd0c f989 1122334455667788", .experimentalFastOpen),
    ("", []), ("00", []), ("0101 0101", []), ("00 02 00 00", []),
  ]

  @Test(arguments: kinds)
  func `every kind is recognised`(hexadecimal: String, present: TCPOptionSet) {
    let options = decodeOptions(bytes(hexadecimal)).options
    #expect(options.present == present)
    #expect(options.unknownCount == 0)
  }

  @Test(arguments: [("2202", 0), ("220a 1122334455667788", 8), ("fe08 f989 11223344", 4)])
  func `the cookie of fast open is measured`(hexadecimal: String, length: UInt8) {
    #expect(decodeOptions(bytes(hexadecimal)).options.fastOpenCookieLength == length)
  }

  @Test(arguments: [
    ("length 0", "0200 0000"), ("length 1", "0201 0000"), ("beyond the header", "0205 05b4"),
    ("no room for a length", "010101 02"), ("a long MSS", "0206 000005b4"),
    ("a short MSS", "0203 05"), ("a long window scale", "0304 0700"),
    ("SACK-permitted with data", "0403 00"), ("an empty SACK", "0502"),
    ("a SACK of half a block", "0506 00000001"),
    ("a block and a half", "050e \(SampleFrame.zeros(12))"),
    ("short timestamps", "0806 00000001"), ("a short MD5 signature", "1306 00000001"),
    ("TCP-AO without keys", "1d02"), ("an empty multipath option", "1e02"),
    ("a long user timeout", "1c05 000102"), ("a cookie of two bytes", "2204 1122"),
    ("a cookie of odd length", "2207 1122334455"),
    ("a cookie of 18 bytes", "2214 \(SampleFrame.zeros(18))"),
  ])
  func `a wrong length is malformed`(what: String, hexadecimal: String) {
    let options = decodeOptions(bytes(hexadecimal)).options
    #expect(options.present.contains(.malformed), "\(what)")
  }

  @Test func `what stands before a malformed option is kept, and after a wrong length too`() {
    let before = decodeOptions(bytes("0204 05b4 0300 0000")).options
    #expect(before.present == [.maximumSegmentSize, .malformed])
    let around = decodeOptions(bytes("0204 05b4 0403 00 0303 07 0000")).options
    #expect(around.present == [.maximumSegmentSize, .windowScale, .malformed])
  }

  @Test func `unknown kinds are counted and the first two kept`() {
    let options = decodeOptions(bytes("0f03 00 4c04 1234 fe04 1234 fd02 0000")).options
    #expect(options.present == [])
    #expect(options.unknownCount == 4)
    #expect(options.unknown[0].kind == 15)
    #expect(options.unknown[0].length == 3)
    #expect(options.unknown[1].kind == 76)
    #expect(options.unknown[1].length == 4)
  }

  @Test func `options cut by the snap length are told apart from malformed ones`() {
    var builder = FrameBuilder()
    builder.flags = [.syn, .ack]
    builder.options = bytes("0204 05b4") + FrameBuilder.timestamps(1, echo: 2)
    let packet = builder.packet
    for length in 40..<56 {
      let segment = decode(Array(packet.prefix(length)), .raw, missing: 56 - length).segment
      #expect(segment.options.present == (length < 44 ? [] : .maximumSegmentSize))
      #expect(segment.traits == [.truncated, .optionsTruncated])
      #expect(segment.capturedPayloadLength == 0)
    }
  }

  @Test func `nothing of the segment before is left`() {
    var builder = FrameBuilder()
    builder.options = FrameBuilder.timestamps(1, echo: 2) + FrameBuilder.windowScale(3)
    var decoder = FrameDecoder(linkType: .raw)
    var segment = Segment()
    let info = FrameInfo(number: 1, time: Timestamp(nanoseconds: 0), wireLength: 0)
    for packet in [builder.packet, FrameBuilder().packet] {
      _ = withBytes(of: packet) { decoder.decode($0, info, into: &segment) }
    }
    #expect(segment.options.present == [])
    #expect(segment.options.windowScale == 0)
    #expect(segment.options.timestampValue == 0)
  }
}
