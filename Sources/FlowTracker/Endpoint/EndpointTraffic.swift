import PacketParser

/// What an end has sent, counted, and what tells a copy of its latest segments.
///
/// Its own segments touch it and hardly ever the other end's: a cache line for each end.
struct EndpointTraffic: BitwiseCopyable {
  /// Frames that hold a segment of this end, duplicates included.
  var packets: UInt64 = 0
  /// IP bytes in them.
  var bytes: UInt64 = 0
  /// TCP payload bytes in them, repeated ones included.
  var payload: UInt64 = 0

  /// The last window offered, in bytes: scaled where the scale is known.
  var window: UInt32 = 0
  /// The largest window offered so far, in bytes.
  var windowMaximum: UInt32 = 0
  /// Every flag that was set in some segment of this end.
  var flagsSeen: TCPFlags = []
  private var cursor: UInt8 = 0
  private var fingerprints = InlineArray<4, UInt32>(repeating: 0)
  /// Fills the cache line.
  private var rest = InlineArray<3, UInt32>(repeating: 0)

  /// Whether the frame shows a segment that this end sent just before: the same in all that its
  /// sender chose, within ten milliseconds.
  ///
  /// Remembers the segment for the next one. A retransmission has another identification, another timestamp, or comes later; a copy that
  /// the capture or the network made has not. Nothing that brings anything new is a copy, so only
  /// the rest is compared.
  @inline(__always)
  mutating func isDuplicate(
    _ segment: inout Segment, at position: borrowing EndpointPosition, nanosecondsSinceLast: Int64
  ) -> Bool {
    let fingerprint = Self.fingerprint(of: &segment)
    // Both in one branch: each for itself is nothing that a processor can foresee.
    let knows = position.knows
    let acknowledges = segment.flags.contains(.ack) && knows.contains(.acknowledged)
    let newlyAcknowledged =
      acknowledges ? segment.acknowledgment - position.acknowledged : Int32.min
    let isOld = max(segment.sequenceEnd - position.next, newlyAcknowledged) <= 0
    let isBeyondGap = segment.sequence > position.next && newlyAcknowledged <= 0
    let isForeign = newlyAcknowledged >= EndpointPosition.plausibleDistance
    if isOld || isForeign || isBeyondGap && segment.sequenceLength == 0, knows.contains(.next),
      nanosecondsSinceLast < Self.patience(for: &segment), wasSentBefore(fingerprint)
    {
      return true
    }
    fingerprints[Int(cursor & 3)] = fingerprint
    // From 4 on it stays above 4, where it goes round too: all are filled.
    cursor = (cursor &+ 1) | (cursor & 4)
    return false
  }

  /// What it sends next is no copy, though it may be the same as before.
  mutating func answersAgain() {
    cursor = 0
  }

  /// How long after the connection's last segment a copy may come, in nanoseconds.
  ///
  /// Where neither identification nor timestamp tells a copy from a repeat, only haste does. For the
  /// others the bound keeps the milliseconds in a fingerprint from going round.
  private static func patience(for segment: inout Segment) -> Int64 {
    let hasName = segment.identification != 0 || segment.options.present.contains(.timestamps)
    return hasName ? 4_000_000_000 : 100_000
  }

  /// The low bits of a fingerprint hold the time in milliseconds, the others a hash.
  private static let fingerprintTimeMask: UInt32 = 0xfff
  private static let duplicateMilliseconds: UInt32 = 10

  @inline(__always)
  private static func fingerprint(of segment: inout Segment) -> UInt32 {
    // The TCP checksum covers all that a sender chooses; it says little where it is offloaded.
    let sent = UInt32(segment.identification) << 16 | UInt32(segment.checksum)
    // Multiplied, since a sum of them is in the checksum already and would cancel out.
    let numbers =
      segment.sequence.rawValue &* 0xc2b2_ae35 ^ segment.acknowledgment.rawValue &* 0x85eb_ca6b
    var mix = UInt64(sent ^ numbers) &* 0x9e37_79b9_7f4a_7c15
    mix ^= UInt64(segment.options.timestampValue) << 32
    mix ^= UInt64(segment.window) << 48 ^ UInt64(segment.flags.rawValue) << 44
    // 2^20 nanoseconds are near enough to a millisecond.
    let milliseconds = UInt32(truncatingIfNeeded: segment.time.nanoseconds >> 20)
    return UInt32(truncatingIfNeeded: mix >> 32) & ~fingerprintTimeMask
      | milliseconds & fingerprintTimeMask
  }

  private mutating func wasSentBefore(_ fingerprint: UInt32) -> Bool {
    for index in 0..<min(4, Int(cursor)) {
      let other = fingerprints[index]
      let isSame = (other ^ fingerprint) & ~Self.fingerprintTimeMask == 0
      let age = (fingerprint &- other) & Self.fingerprintTimeMask
      if isSame, age <= Self.duplicateMilliseconds { return true }
    }
    return false
  }
}
