public import PacketParser

/// What a frame was decoded into, for tests to look at.
public struct Decoding: Sendable {
  public var result: DecodedFrame
  public var segment: Segment
  /// The layers that `segment.encapsulation` names.
  public var layers: [EncapsulationLayer]

  /// Whether there is a segment.
  public var isSegment: Bool {
    if case .segment = result { true } else { false }
  }

  public var icmpError: ICMPError? {
    if case .icmpError(let error) = result { error } else { nil }
  }

  /// What the frame counts as.
  public var fate: FrameFate {
    switch result {
    case .segment: .tcp
    case .icmpError: .notTCP
    case .invalidSegment: .malformed
    case .other(let fate): fate
    }
  }
}

extension Decoding: CustomStringConvertible {
  public var description: String {
    isSegment ? "\(segment.source) > \(segment.destination) \(segment.flags)" : fate.name
  }
}

/// Decodes frames one after the other, as a capture would bring them.
///
/// - Parameters:
///   - frames: The captured bytes of each.
///   - linkType: What they begin with.
///   - missing: How many bytes more each had on the wire.
///   - interval: Nanoseconds between them.
///   - fragmentLimits: What is kept of incomplete datagrams.
/// - Returns: What became of each.
public func decode(
  _ frames: [[UInt8]], _ linkType: LinkType = .ethernet, missing: Int = 0,
  interval: Int64 = 1_000_000, fragmentLimits: FragmentLimits = FragmentLimits()
) -> [Decoding] {
  var decoder = FrameDecoder(linkType: linkType, fragmentLimits: fragmentLimits)
  return frames.enumerated().map { index, frame in
    var segment = Segment()
    let info = FrameInfo(
      number: index + 1, time: Timestamp(nanoseconds: Int64(index) * interval),
      wireLength: frame.count + missing)
    let result = withBytes(of: frame) { decoder.decode($0, info, into: &segment) }
    let layers = decoder.layers(of: segment.encapsulation)
    return Decoding(result: result, segment: segment, layers: layers)
  }
}

/// Decodes a single frame.
public func decode(
  _ frame: [UInt8], _ linkType: LinkType = .ethernet, missing: Int = 0
) -> Decoding {
  decode([frame], linkType, missing: missing)[0]
}
