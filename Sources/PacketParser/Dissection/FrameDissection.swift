/// One frame, layer by layer and field by field, for a person to read.
public struct FrameDissection: Sendable {
  /// What the frame holds.
  public var result: DecodedFrame
  /// The headers in the order in which the decoder passed them.
  ///
  /// If the walk ended without a segment, the last one is where it ended.
  public var layers: [DissectedLayer]
}

/// One header of a frame.
public struct DissectedLayer: Sendable {
  public var name: String
  /// Where the header begins: bytes from the start of the frame, or of the reassembled datagram.
  public var offset: Int
  /// The length of the header, in bytes.
  public var byteLength: Int
  /// Whether it was read from a datagram put together from fragments rather than from this frame.
  public var isReassembled: Bool
  public var fields: [DissectedField]
}

/// One field of a header.
public struct DissectedField: Sendable {
  public var name: String
  /// The value as the wire has it: `443`, `0x0800`, `192.0.2.1`.
  public var value: String
  /// What the value means, if it does not say so itself: `IPv4`, `correct`, `32 bytes`.
  public var meaning: String?
  /// Where its first byte stands, counted as `DissectedLayer.offset`.
  public var offset: Int
  /// How many bytes it touches; bit fields share theirs.
  public var byteLength: Int
}

extension FrameDecoder {
  /// Decodes a frame as `decode` does, and tells the fields of every header on the way.
  ///
  /// A decoder reassembles fragments, so it should have seen the frames before this one.
  ///
  /// - Parameters:
  ///   - frame: The bytes that were captured.
  ///   - info: What the capture says of the frame.
  ///   - segment: Where the segment goes.
  /// - Returns: The layers, outermost first.
  public mutating func dissect(
    _ frame: RawSpan, _ info: FrameInfo, into segment: inout Segment
  ) -> FrameDissection {
    var observer = DissectingObserver()
    let result = decode(frame, info, into: &segment, telling: &observer)
    return FrameDissection(result: result, layers: observer.layers)
  }
}

/// Writes down the headers that the decoder passes.
private struct DissectingObserver: HeaderObserver {
  var layers: [DissectedLayer] = []
  private var offset = 0
  private var isReassembled = false

  mutating func passed(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: Walk, _ segment: Segment
  ) {
    // A header of no length was only a question: which IP version follows?
    guard walk.headerLength > 0 else { return }
    note(kind, bytes, length: walk.headerLength, segment)
    offset += walk.headerLength
  }

  mutating func stopped(at kind: HeaderKind, _ bytes: RawSpan, _ segment: Segment) {
    note(kind, bytes, length: kind.minimumLength, segment)
  }

  mutating func enteredDatagram() {
    offset = 0
    isReassembled = true
  }

  private mutating func note(
    _ kind: HeaderKind, _ bytes: RawSpan, length: Int, _ segment: Segment
  ) {
    let captured = min(length, bytes.byteCount)
    let header = HeaderBytes((0..<captured).map { bytes.uint8(at: $0) }, at: offset)
    layers.append(
      DissectedLayer(
        name: kind.name, offset: offset, byteLength: captured, isReassembled: isReassembled,
        fields: kind.dissect(header, segment)))
  }
}
