import PacketParser
import Testing
import TraceScript

/// What must hold for every header that the decoder knows.
struct SampleFrameTests {
  @Test(arguments: SampleFrame.all)
  func `the segment inside is found`(sample: SampleFrame) {
    let decoding = decode(sample.bytes, sample.linkType)
    let segment = decoding.segment
    #expect(decoding.isSegment)
    #expect(decoding.layers == sample.layers)
    #expect(segment.sourcePort == 40000)
    #expect(segment.destinationPort == 80)
    #expect(segment.payloadLength == 24)
    #expect(segment.capturedPayloadLength == 24)
    #expect(segment.checksumStatus == .correct)
    #expect(segment.traits == [])
    #expect(segment.interface == (sample.linkType == .linuxCookedVersion2 ? 3 : 0))
  }

  @Test(arguments: SampleFrame.all)
  func `a frame cut by the snap length gives what it holds`(sample: SampleFrame) {
    let frame = sample.bytes
    let headerEnd = frame.count - 24
    for length in 0..<frame.count {
      let decoding = decode(
        Array(frame.prefix(length)), sample.linkType, missing: frame.count - length)
      #expect(decoding.fate == (length < headerEnd ? .truncated : .tcp), "\(length) bytes")
      guard decoding.isSegment else { continue }
      let segment = decoding.segment
      #expect(segment.payloadLength == 24)
      #expect(Int(segment.capturedPayloadLength) == length - headerEnd)
      #expect(segment.traits == .truncated)
      #expect(segment.checksumStatus == .unverified)
    }
  }

  @Test(arguments: SampleFrame.all)
  func `a frame that was short on the wire promises no more than it had`(sample: SampleFrame) {
    for length in 0..<sample.bytes.count {
      let decoding = decode(Array(sample.bytes.prefix(length)), sample.linkType)
      #expect(decoding.fate != .truncated, "\(length) bytes")
      guard decoding.isSegment else { continue }
      #expect(decoding.segment.traits == .lengthExceedsFrame)
      #expect(decoding.segment.payloadLength == decoding.segment.capturedPayloadLength)
      #expect(Int(decoding.segment.payloadLength) <= length)
    }
  }

  @Test(arguments: SampleFrame.all)
  func `bytes after the packet are not payload`(sample: SampleFrame) {
    let padded = sample.bytes + [0xff, 0xff, 0xff, 0xff, 0xff]
    let decoding = decode(padded, sample.linkType)
    #expect(decoding.isSegment)
    #expect(decoding.segment.payloadLength == 24)
    #expect(decoding.segment.checksumStatus == .correct)
  }

  @Test func `every link type has a sample`() {
    let missing = Set(LinkType.allCases).subtracting(SampleFrame.linkTypes.map(\.linkType))
    #expect(missing == [])
  }
}
