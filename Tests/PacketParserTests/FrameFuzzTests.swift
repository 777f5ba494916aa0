import PacketParser
import Testing
import TraceScript

/// Whatever the bytes are, the decoder answers, and its answers hold together.
struct FrameFuzzTests {
  private func expectConsistent(
    _ frames: [[UInt8]], _ linkType: LinkType, missing: Int, seed: UInt64
  ) {
    let decodings = decode(frames, linkType, missing: missing)
    for (frame, decoding) in zip(frames, decodings) where decoding.isSegment {
      let segment = decoding.segment
      let isReassembled = segment.traits.contains(.reassembled)
      let fits =
        isReassembled
        || Int(segment.payloadLength) <= frame.count + missing
          && Int(segment.capturedPayloadLength) <= frame.count
      let isConsistent =
        fits && segment.capturedPayloadLength <= segment.payloadLength
        && segment.headerLength >= 20 && segment.packetLength >= 40 + segment.payloadLength
      #expect(isConsistent, "\(linkType), seed \(seed), \(frame)")
    }
  }

  @Test(arguments: LinkType.allCases)
  func `random bytes`(linkType: LinkType) {
    let seed: UInt64 = 0x5eed_0001
    var randomness = Randomness(seed: seed)
    let frames = (0..<500).map { _ in
      (0..<Int.random(in: 0...120, using: &randomness)).map { _ in
        UInt8.random(in: 0...255, using: &randomness)
      }
    }
    expectConsistent(frames, linkType, missing: 0, seed: seed)
    expectConsistent(frames, linkType, missing: 1000, seed: seed)
  }

  @Test(arguments: SampleFrame.all)
  func `sound frames with a few bytes changed`(sample: SampleFrame) {
    let seed: UInt64 = 0x5eed_0002
    var randomness = Randomness(seed: seed)
    let frames = (0..<200).map { _ in
      var frame = sample.bytes
      for _ in 0..<Int.random(in: 1...4, using: &randomness) {
        let index = Int.random(in: 0..<frame.count, using: &randomness)
        frame[index] = UInt8.random(in: 0...255, using: &randomness)
      }
      return Array(frame.prefix(Int.random(in: 0...frame.count, using: &randomness)))
    }
    expectConsistent(frames, sample.linkType, missing: 0, seed: seed)
    expectConsistent(frames, sample.linkType, missing: 200, seed: seed)
  }

  @Test(arguments: SampleFrame.all)
  func `sound frames with any one byte changed`(sample: SampleFrame) {
    let values: [UInt8] = [0x00, 0x01, 0x7f, 0x80, 0xff]
    let frames = sample.bytes.indices.flatMap { index in
      values.map { value in
        var frame = sample.bytes
        frame[index] = value
        return frame
      }
    }
    expectConsistent(frames, sample.linkType, missing: 0, seed: 0)
  }

  @Test func `random fragments`() {
    let seed: UInt64 = 0x5eed_0003
    var randomness = Randomness(seed: seed)
    for builder in [SampleFrame.segment, SampleFrame.segment6] {
      var builder = builder
      let frames = (0..<2000).map { _ in
        builder.identification = UInt16.random(in: 0...5, using: &randomness)
        let length = 8 * Int.random(in: 0...6, using: &randomness)
        let offset = 8 * Int.random(in: 0...6, using: &randomness)
        let content = Array(repeating: UInt8(0x50), count: length)
        let isLast = Bool.random(using: &randomness)
        return builder.source.address.version == .v4
          ? builder.ipv4Packet(
            carrying: content, protocolNumber: 6, offset: offset, moreFragments: !isLast)
          : builder.ipv6Fragment(
            carrying: content, protocolNumber: 6, offset: offset, moreFragments: !isLast)
      }
      expectConsistent(frames, .raw, missing: 0, seed: seed)
      expectConsistent(frames, .raw, missing: 4, seed: seed)
    }
  }

  @Test func `absurd times and lengths`() {
    var decoder = FrameDecoder(linkType: .raw)
    var segment = Segment()
    let fragment = SampleFrame.segment.ipv4Packet(
      carrying: Array(repeating: 0, count: 8), protocolNumber: 6, moreFragments: true)
    for packet in [SampleFrame.packet, SampleFrame.packet6, fragment, []] {
      for wireLength in [Int.min, -1, 0, 1, Int.max] {
        for time in [Int64.min, -1, 0, .max] {
          let info = FrameInfo(
            number: .max, time: Timestamp(nanoseconds: time), wireLength: wireLength)
          _ = withBytes(of: packet) { decoder.decode($0, info, into: &segment) }
        }
      }
    }
    #expect(segment.payloadLength == 24)
  }
}
