import PacketParser

/// What segments are held to be the same by.
struct SegmentIdentity: Hashable {
  private let numbers: UInt64
  private let lengths: UInt64
  private let times: UInt64
  private let rest: UInt64

  /// All of the header that no router changes.
  static func exact(_ segment: RecordedSegment) -> SegmentIdentity? {
    SegmentIdentity(
      numbers: UInt64(segment.sequence.rawValue) << 32
        | UInt64(segment.acknowledgment.rawValue),
      lengths: UInt64(segment.payloadLength) << 32 | UInt64(segment.window) << 16
        | UInt64(segment.identification),
      times: UInt64(segment.timestampValue) << 32 | UInt64(segment.timestampEcho),
      rest: UInt64(segment.flags.subtracting(.congestion).rawValue))
  }

  /// Its place in the stream and what the sender's stack numbers packets with.
  static func numbered(_ segment: RecordedSegment) -> SegmentIdentity? {
    guard segment.identification != 0 else { return nil }
    return SegmentIdentity(
      numbers: UInt64(segment.sequence.rawValue), lengths: segment.extent,
      times: UInt64(segment.identification), rest: segment.control)
  }

  /// Whatever its sequence numbers are now.
  static func shifted(_ segment: RecordedSegment) -> SegmentIdentity? {
    guard segment.isNumbered else { return nil }
    return SegmentIdentity(
      numbers: segment.payloadStart, lengths: segment.extent,
      times: UInt64(segment.timestampValue) << 32 | UInt64(segment.identification),
      rest: segment.control)
  }

  /// Its place in the stream, which may lie so much further on.
  static func placed(_ segment: RecordedSegment, shiftedBy shift: UInt32) -> SegmentIdentity? {
    SegmentIdentity(
      numbers: UInt64((segment.sequence + shift).rawValue), lengths: segment.extent, times: 0,
      rest: segment.control)
  }
}

extension RecordedSegment {
  /// Whether its sender has given it a number that tells it from one sent again.
  var isNumbered: Bool { identification != 0 || timestampValue != 0 }

  fileprivate var extent: UInt64 { UInt64(payloadLength) }

  /// The flags that no middlebox can change without changing what the segment is.
  fileprivate var control: UInt64 {
    UInt64(flags.intersection([.syn, .fin, .rst, .ack]).rawValue)
  }
}

extension TCPFlags {
  /// What routers and proxies may change of a segment (RFC 3168 §6.1).
  static var congestion: TCPFlags { [.ece, .cwr, .ae] }
}
