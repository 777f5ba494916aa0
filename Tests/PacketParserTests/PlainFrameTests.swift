import PacketParser
import Testing
import TraceScript

/// Plain frames go a shorter way than the walk, which `dissect` always goes: the answers are the same.
struct PlainFrameTests {
  private static let timestamps = FrameBuilder.timestamps(7, echo: 8)

  /// Segments of every kind of options and of payloads around the widths of words.
  private static let builders: [FrameBuilder] = {
    let options: [[UInt8]] = [
      [], timestamps, timestamps + FrameBuilder.sack([(left: 1, right: 2)]),
      FrameBuilder.maximumSegmentSize(1460) + FrameBuilder.sackPermitted, [8, 10, 0, 0],
    ]
    return options.flatMap { options in
      [0, 1, 2, 7, 24, 100].map { length in
        var builder = FrameBuilder()
        builder.options = options
        builder.payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        builder.padding = length < 6 ? 6 - length : 0
        return builder
      }
    }
  }()

  /// What stood where the segment goes: nothing of it may be left over.
  private static let segmentBefore: Segment = {
    var builder = SampleFrame.segment6
    builder.vlans = [1]
    builder.flags = [.syn, .urg, .ae]
    builder.urgentPointer = 1
    builder.options =
      [2, 4, 5, 0xb4, 3, 3, 7] + FrameBuilder.timestamps(1, echo: 2) + [34, 2, 99, 2]
    builder.payload += [1]
    var segment = decode(builder.ethernet).segment
    segment.traits = [.reassembled, .lengthFromFrame]
    return segment
  }()

  /// Every field of a segment, so that one that goes astray shows its name.
  private func fields(of segment: Segment) -> [String] {
    let sack = segment.options.sackBlocks.indices.map { "\(segment.options.sackBlocks[$0])" }
    let unknown = segment.options.unknown.indices.map { "\(segment.options.unknown[$0])" }
    return Mirror(reflecting: segment).children.map { "\($0.label ?? ""): \($0.value)" }
      + sack + unknown
  }

  private func isPlain(
    _ frame: [UInt8], _ linkType: LinkType = .ethernet, missing: Int = 0
  ) -> Bool {
    let decoder = FrameDecoder(linkType: linkType)
    var segment = Segment()
    let info = FrameInfo(
      number: 1, time: Timestamp(nanoseconds: 0), wireLength: frame.count + missing)
    return withBytes(of: frame) { decoder.decodePlain($0, info, into: &segment) }
  }

  /// Decodes a frame both ways.
  ///
  /// - Returns: Whether it held a segment.
  @discardableResult
  private func compare(_ frame: [UInt8], wireLength: Int) -> Bool {
    let info = FrameInfo(number: 9, time: Timestamp(nanoseconds: 99), wireLength: wireLength)
    var (plain, walked) = (Self.segmentBefore, Self.segmentBefore)
    var decoder = FrameDecoder(linkType: .ethernet)
    var walker = FrameDecoder(linkType: .ethernet)
    let answer = withBytes(of: frame) { decoder.decode($0, info, into: &plain) }
    let walkedAnswer = withBytes(of: frame) { walker.dissect($0, info, into: &walked) }.result
    #expect("\(answer)" == "\(walkedAnswer)", "\(frame), \(wireLength)")
    guard case .segment = answer else { return false }
    let (fields, expected) = (fields(of: plain), fields(of: walked))
    #expect(fields == expected, "\(frame), \(wireLength)")
    return true
  }

  @Test func `Ethernet, IPv4 and TCP alone are plain, whatever the options`() {
    for builder in Self.builders {
      let frame = builder.ethernet
      #expect(isPlain(frame))
      #expect(isPlain(frame, missing: 4))
      let headers = frame.count - builder.padding - builder.payload.count
      #expect(isPlain(Array(frame.prefix(headers)), missing: frame.count - headers))
    }
  }

  @Test func `whatever else there is goes the way of the walk`() {
    let builder = SampleFrame.segment
    let frame = builder.ethernet
    let changes: [(at: Int, to: UInt8)] = [
      (12, 0x86), (14, 0x55), (14, 0x46), (16, 0xff), (17, 39), (20, 0x20), (21, 1), (23, 17),
      (46, 0x40), (46, 0xf0),
    ]
    for (index, byte) in changes {
      var changed = frame
      changed[index] = byte
      #expect(!isPlain(changed), "byte \(index) is \(byte)")
    }
    var tagged = builder
    tagged.vlans = [1]
    #expect(!isPlain(tagged.ethernet))
    #expect(!isPlain(SampleFrame.segment6.ethernet))
    #expect(!isPlain(frame, .fddi))
    #expect(!isPlain(Array(frame.prefix(53)), missing: frame.count - 53))
  }

  @Test func `both ways give the same segment, cut anywhere`() {
    for builder in Self.builders {
      let frame = builder.ethernet
      for count in frame.indices {
        compare(Array(frame.prefix(count)), wireLength: frame.count)
        compare(Array(frame.prefix(count)), wireLength: count)
      }
    }
  }

  @Test func `both ways give the same segment, a few bytes changed`() {
    var randomness = Randomness(seed: 0x5eed_0004)
    var segments = 0
    for round in 0..<4000 {
      var frame = Self.builders[round % Self.builders.count].ethernet
      for _ in 0..<Int.random(in: 0...3, using: &randomness) {
        let index = Int.random(in: 12..<frame.count, using: &randomness)
        frame[index] = UInt8.random(in: 0...255, using: &randomness)
      }
      let captured = Int.random(in: 54...frame.count, using: &randomness)
      let wireLength = [frame.count, captured, 0, .max][Int.random(in: 0...3, using: &randomness)]
      if compare(Array(frame.prefix(captured)), wireLength: wireLength) { segments += 1 }
    }
    #expect(segments > 1000)
  }
}
