/// Decodes frames of one link type into TCP segments.
///
/// A decoder remembers only what decoding needs from one frame to the next: fragments of datagrams
/// that are not complete yet, and the names of the encapsulations it has met. Both are bounded.
public struct FrameDecoder: ~Copyable {
  /// How many layers may lie between the link layer and the innermost IP header.
  public static let layerLimit = EncapsulationStack.capacity

  let firstHeader: HeaderKind
  let verifiesChecksums: Bool
  var encapsulations: EncapsulationTable
  var fragments: FragmentTable
  /// What the walk through the frame at hand came to.
  var error: ICMPError?
  var datagram = Datagram()

  /// A decoder for frames of `linkType`.
  ///
  /// - Parameters:
  ///   - linkType: What every frame begins with.
  ///   - verifiesChecksums: Whether the TCP checksum of segments captured whole is verified.
  ///   - encapsulationLimit: How many different stacks of encapsulation are told apart.
  ///   - fragmentLimits: What may be kept of datagrams that are not complete yet.
  public init(
    linkType: LinkType, verifiesChecksums: Bool = true, encapsulationLimit: Int = 4096,
    fragmentLimits: FragmentLimits = FragmentLimits()
  ) {
    firstHeader = linkType.firstHeader
    self.verifiesChecksums = verifiesChecksums
    encapsulations = EncapsulationTable(limit: encapsulationLimit)
    fragments = FragmentTable(limits: fragmentLimits)
  }

  /// Decodes one frame; call it once for every frame, in the order of the capture.
  ///
  /// - Parameters:
  ///   - frame: The bytes that were captured.
  ///   - info: What the capture says of the frame.
  ///   - segment: Where the segment goes. It holds one only if the answer is `.segment`; else it may
  ///     have been partly overwritten.
  /// - Returns: What the frame holds.
  public mutating func decode(
    _ frame: RawSpan, _ info: FrameInfo, into segment: inout Segment
  ) -> DecodedFrame {
    if decodePlain(frame, info, into: &segment) { return .segment }
    return decodeAny(frame, info, into: &segment)
  }

  /// Decodes whatever the frame is, by walking from header to header.
  @inline(never)
  private mutating func decodeAny(
    _ frame: RawSpan, _ info: FrameInfo, into segment: inout Segment
  ) -> DecodedFrame {
    var silence = SilentObserver()
    return decode(frame, info, into: &segment, telling: &silence)
  }

  /// Gives up the datagrams of which parts are missing: the capture has ended.
  ///
  /// - Returns: All that were given up for that, or before.
  public mutating func finish() -> IncompleteDatagrams {
    fragments.finish()
    return fragments.incomplete
  }

  /// The layers that a segment's `encapsulation` names, outermost first.
  ///
  /// Empty for `EncapsulationID.none` and `.other`.
  public func layers(of id: EncapsulationID) -> [EncapsulationLayer] {
    encapsulations.names.layers(of: id)
  }

  /// The same for all segments so far, for whoever goes on without the decoder.
  public var encapsulationNames: EncapsulationNames { encapsulations.names }
}
