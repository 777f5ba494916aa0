public import PacketParser

/// One end of a connection: what it has sent, acknowledged and offered.
///
/// These are the fields that every segment touches, and they fill one cache line; what a handshake or
/// a close touches is in `EndpointHistory`, what a loss does in `EndpointIrregularities`.
public struct Endpoint: BitwiseCopyable, Sendable {
  /// Frames that hold a segment of this end, duplicates included.
  public internal(set) var packets: UInt64 = 0
  /// IP bytes in them.
  public internal(set) var bytes: UInt64 = 0
  /// TCP payload bytes in them, repeated ones included.
  public internal(set) var payload: UInt64 = 0

  /// The sequence number after the highest one sent (SND.NXT as far as it was seen).
  public internal(set) var next = SequenceNumber(0)
  /// The highest acknowledgment number sent: the peer's bytes below it have arrived.
  public internal(set) var acknowledged = SequenceNumber(0)
  /// The last window offered, in bytes: scaled where the scale is known.
  public internal(set) var window: UInt32 = 0
  /// The largest window offered so far, in bytes.
  public internal(set) var windowMaximum: UInt32 = 0

  public internal(set) var knows: Knowledge = []
  /// Every flag that was set in some segment of this end.
  public internal(set) var flagsSeen: TCPFlags = []
  /// `nil` as long as nothing tells.
  public internal(set) var state: EndpointState?
  /// The shift that applies to windows after the handshake (RFC 7323 §2.2).
  public internal(set) var windowShift: UInt8 = 0
  private var cursor: UInt8 = 0
  private var fingerprints = InlineArray<4, UInt32>(repeating: 0)

  /// What is known of an endpoint: every sequence number is legal, so none can mean "unseen".
  public struct Knowledge: OptionSet, BitwiseCopyable, Sendable {
    public var rawValue: UInt16

    public init(rawValue: UInt16) {
      self.rawValue = rawValue
    }

    public static let initialSequence = Knowledge(rawValue: 1 << 0)
    public static let next = Knowledge(rawValue: 1 << 1)
    public static let acknowledged = Knowledge(rawValue: 1 << 2)
    /// It sent a FIN.
    public static let fin = Knowledge(rawValue: 1 << 4)
    /// Its FIN reached the peer: everything before it was seen, or the peer acknowledged it.
    public static let finDelivered = Knowledge(rawValue: 1 << 5)
    /// The peer acknowledged its FIN.
    public static let finAcknowledged = Knowledge(rawValue: 1 << 6)
    /// The peer acknowledged its SYN.
    public static let synAcknowledged = Knowledge(rawValue: 1 << 7)
    /// Bytes are missing below `next`; `EndpointIrregularities` knows which.
    public static let holes = Knowledge(rawValue: 1 << 8)
    /// It was in LISTEN before it answered the SYN.
    public static let openedPassively = Knowledge(rawValue: 1 << 9)
    /// It sent a SYN without ACK.
    public static let sentSYN = Knowledge(rawValue: 1 << 3)
    public static let sentSYNACK = Knowledge(rawValue: 1 << 11)
    /// One of its states is only presumed: its next segment may confirm or refute it.
    public static let awaitsProof = Knowledge(rawValue: 1 << 12)
    /// Its FIN did not reach the peer when it was seen on its way: only a repeat delivers it.
    public static let lostFIN = Knowledge(rawValue: 1 << 13)
    /// The checksum of its SYN or FIN was correct, so no network card was left to compute it.
    public static let correctChecksums = Knowledge(rawValue: 1 << 14)
    /// Both window scales were seen in SYNs, or were seen to be missing.
    public static let windowShift = Knowledge(rawValue: 1 << 10)
  }

  init() {}

  /// Whether the frame shows a segment that this end sent just before: the same in all that its
  /// sender chose, within ten milliseconds.
  ///
  /// Remembers the segment for the next one. A retransmission has another identification, another timestamp, or comes later; a copy that
  /// the capture or the network made has not. Nothing that brings anything new is a copy, so only
  /// the rest is compared.
  @inline(__always)
  mutating func isDuplicate(_ segment: inout Segment, nanosecondsSinceLast: Int64) -> Bool {
    let fingerprint = Self.fingerprint(of: &segment)
    // Both in one branch: each for itself is nothing that a processor can foresee.
    let acknowledges = segment.flags.contains(.ack) && knows.contains(.acknowledged)
    let newlyAcknowledged = acknowledges ? segment.acknowledgment - acknowledged : Int32.min
    let isOld = max(segment.sequenceEnd - next, newlyAcknowledged) <= 0
    let isBeyondGap = segment.sequence > next && newlyAcknowledged <= 0
    let isForeign = newlyAcknowledged >= Self.plausibleDistance
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
