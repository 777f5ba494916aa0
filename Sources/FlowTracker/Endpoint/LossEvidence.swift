import PacketParser

/// What the acknowledgments of its peer, and what an end has sent again, tell of the loss of its
/// segments.
struct LossEvidence: BitwiseCopyable {
  /// What the peer has, beyond what it acknowledges in order (RFC 2018).
  var selectivelyAcknowledged = SequenceRanges()
  /// The number that the latest duplicate acknowledgments had, and how many there were.
  private var duplicated = SequenceNumber(0)
  private var duplicates: UInt8 = 0
  /// All that was sent when a fast retransmission began is repaired in the same way (RFC 6582).
  private var recovery: SequenceNumber?
  /// A timer has run out, and what was sent before it is sent again (RFC 5681 §3.1, slow start).
  private var timedOut: SequenceNumber?
  /// The end of what was sent when the tail was probed.
  private var probed: SequenceNumber?

  /// So many ask for a segment (RFC 5681 §3.2).
  private static let threshold = 3
  /// The shortest time after which Linux repeats anything by timer (TCP_RTO_MIN), in nanoseconds.
  static let shortestTimeout: Int64 = 200_000_000
  /// How long a tail loss probe may take beyond two round trips: an acknowledgment may be delayed
  /// (RFC 8985 §7.2), and a timer is late.
  private static let probeAllowance: Int64 = 250_000_000

  /// The peer has acknowledged the same number once more, with more than that outstanding (RFC 5681
  /// §2).
  ///
  /// - Returns: How many times in a row.
  mutating func noteDuplicate(of number: SequenceNumber) -> UInt8 {
    if number != duplicated { (duplicated, duplicates) = (number, 0) }
    duplicates &+= duplicates == .max ? 0 : 1
    return duplicates
  }

  /// The peer has acknowledged everything below a number.
  ///
  /// - Returns: Whether it no longer has what it acknowledged selectively: who fills the hole before a block
  ///   acknowledges that block too.
  mutating func noteAcknowledged(_ number: SequenceNumber) -> Bool {
    let reneges = selectivelyAcknowledged.contains(number, number + 1)
    if !selectivelyAcknowledged.isEmpty { _ = selectivelyAcknowledged.advance(past: number) }
    if let end = recovery, number >= end { recovery = nil }
    if let end = timedOut, number >= end { timedOut = nil }
    if let end = probed, number >= end { probed = nil }
    return reneges
  }

  /// How many duplicate acknowledgments have had this number, the last one that came.
  func duplicates(of number: SequenceNumber) -> Int {
    number == duplicated ? Int(duplicates) : 0
  }

  /// Whether the peer has asked for the bytes at a number.
  func wants(_ number: SequenceNumber, acknowledged: SequenceNumber) -> Bool {
    acknowledged <= number
      && (duplicates(of: acknowledged) > 0 || !selectivelyAcknowledged.isEmpty)
  }

  /// What a repeated segment was sent for, by when it was and what was acknowledged before.
  ///
  /// - Parameters:
  ///   - start: Its first byte.
  ///   - end: The byte after its last.
  ///   - next: The byte after the highest one sent.
  ///   - acknowledged: What its receiver had acknowledged.
  ///   - silence: Nanoseconds since the connection's last segment.
  ///   - roundTrip: Nanoseconds, as far as known.
  ///   - mayProbe: Both ends use selective acknowledgments, without which tails are not probed.
  /// - Returns: `fastRetransmission`, `tailLossProbe` or `timedRetransmission`.
  mutating func cause(
    from start: SequenceNumber, to end: SequenceNumber, next: SequenceNumber,
    acknowledged: SequenceNumber, silence: Int64, roundTrip: Int64, mayProbe: Bool
  ) -> SegmentFacts {
    let isSoon = silence < max(Self.shortestTimeout, 2 &* roundTrip)
    let duplicates = duplicates(of: acknowledged)
    let isReported = selectivelyAcknowledged.hasAny(above: start)
    if isSoon, duplicates >= Self.threshold || isReported {
      recovery = next
      return .fastRetransmission
    }
    if isSoon, let recovery, start < recovery { return .fastRetransmission }
    if isSoon, timedOut != nil { return .timedRetransmission }
    let isInTime =
      silence > roundTrip / 2 && silence < 2 &* roundTrip &+ Self.probeAllowance
    if mayProbe, isInTime, end >= next, timedOut == nil, probed != next, duplicates == 0,
      selectivelyAcknowledged.isEmpty
    {
      probed = next
      return .tailLossProbe
    }
    timedOut = next
    return .timedRetransmission
  }
}
