public import FlowTracker
public import PacketParser

/// Follows a capture up to one frame, to tell what that frame holds and what it means where it
/// stands.
///
/// The frames before it are decoded and tracked as in an analysis: they say what a relative sequence
/// number counts from, how far a window is scaled, and what a fragment completes.
public struct FrameInspector: ~Copyable {
  private let number: Int
  private var decoder: FrameDecoder
  private var table = ConnectionTable()
  private var segment = Segment()
  /// The frame, once it has come.
  public private(set) var inspection: FrameInspection?

  /// An inspector of the frame with this number, counted from 1.
  public init(frame number: Int, linkType: LinkType) {
    self.number = number
    decoder = FrameDecoder(linkType: linkType)
  }

  /// Takes in the next frame of the capture.
  ///
  /// - Returns: Whether that was the one.
  public mutating func ingest(_ frame: RawSpan, _ info: FrameInfo) -> Bool {
    guard info.number == number else {
      if case .segment = decoder.decode(frame, info, into: &segment) { follow() }
      return false
    }
    let dissection = decoder.dissect(frame, info, into: &segment)
    inspection = FrameInspection(
      info: info, capturedLength: frame.byteCount, dissection: dissection, place: nil)
    if case .segment = dissection.result {
      let step = follow()
      inspection?.place = SegmentPlace(segment, step, in: table[step.connection])
    }
    return true
  }

  @discardableResult
  private mutating func follow() -> Step {
    let step = table.ingest(segment)
    while let id = table.takeEnded() { table.release(id) }
    return step
  }
}

/// A frame, field by field, and its place in its connection.
public struct FrameInspection: Sendable {
  public var info: FrameInfo
  public var capturedLength: Int
  public var dissection: FrameDissection
  /// `nil` when the frame holds no segment.
  public var place: SegmentPlace?
}

/// Where a segment stands in its connection.
public struct SegmentPlace: Sendable {
  public var segment: Segment
  /// The connection as the segment left it.
  public var connection: Connection
  public var sender: Side
  public var facts: SegmentFacts

  init(_ segment: Segment, _ step: Step, in connection: Connection) {
    self.segment = segment
    self.connection = connection
    sender = step.sender
    facts = step.facts
  }

  /// The sequence number counted from the sender's SYN; `nil` when that was not captured.
  public var relativeSequence: UInt32? {
    relative(segment.sequence, to: sender)
  }

  /// The acknowledgment number counted from the peer's SYN; `nil` without ACK, or when the SYN was
  /// not captured.
  public var relativeAcknowledgment: UInt32? {
    guard segment.flags.contains(.ack) else { return nil }
    return relative(segment.acknowledgment, to: sender.peer)
  }

  /// The window in bytes; `nil` when a SYN was not captured, so that its scale is not known.
  public var windowBytes: Int? {
    if segment.flags.contains(.syn) { return Int(segment.window) }
    guard connection[sender].knows.contains(.windowShift) else { return nil }
    return Int(segment.window) << Int(connection[sender].windowShift)
  }

  private func relative(_ number: SequenceNumber, to side: Side) -> UInt32? {
    guard connection[side].knows.contains(.initialSequence) else { return nil }
    return number.rawValue &- connection[history: side].initialSequence.rawValue
  }
}
