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

  // In this order all of it fills a cache line.

  /// What tells the order in which its segments were sent.
  var order = SendingOrder()
  /// The low two bits: which fingerprint is the next; then `hasAll` and `hasACK`.
  private var cursor: UInt8 = 0
  /// Every flag that was set in some segment of this end.
  var flagsSeen: TCPFlags = []
  /// The last window offered, in bytes: scaled where the scale is known.
  var window: UInt32 = 0
  /// The largest window offered so far, in bytes.
  var windowMaximum: UInt32 = 0
  private var fingerprints = InlineArray<3, UInt32>(repeating: 0)

  /// Notes a segment that follows the one before, as most do, of a sender that counts its packets.
  ///
  /// - Returns: Whether it is one; if not, it is left to `place`.
  @inline(__always)
  mutating func noteLatest(_ segment: inout Segment, at position: EndpointPosition) -> Bool {
    // Both in one branch: each for itself is nothing that a processor can foresee.
    let newlyAcknowledged = newlyAcknowledged(by: &segment, position)
    guard segment.sequence == position.next, segment.sequenceLength > 0 || newlyAcknowledged > 0,
      newlyAcknowledged < EndpointPosition.plausibleDistance
    else { return false }
    return order.noteLatest(&segment)
  }

  /// Counts and notes a segment that is the next one in order, and brings something new.
  @inline(__always)
  mutating func notePredicted(_ segment: inout Segment, window: UInt32) {
    countPredicted(&segment, window: window)
    if !order.noteExpected(&segment) { noteNews(&segment) }
  }

  /// Counts a segment that `place` has noted.
  @inline(__always)
  mutating func countPredicted(_ segment: inout Segment, window: UInt32) {
    packets &+= 1
    bytes &+= UInt64(segment.packetLength)
    payload &+= UInt64(segment.payloadLength)
    flagsSeen.formUnion(segment.flags)
    self.window = window
    windowMaximum = max(window, windowMaximum)
  }

  /// Remembers a segment that is no copy, since it brings what no other has brought.
  @inline(never)
  private mutating func noteNews(_ segment: inout Segment) {
    order.note(&segment, bringsNews: true)
    if segment.flags.contains(.ack) { cursor |= Self.hasACK }
    if !order.names(&segment) { remember(Self.fingerprint(of: &segment)) }
  }

  /// Where a segment stands among those of this end that were seen before: `copy` if it is one of
  /// them again, the same in all that its sender chose.
  ///
  /// Remembers a segment that is no copy for the next one. Nothing that brings anything new is a copy,
  /// so only the rest is compared: by its identification where the sender counts them, else by a
  /// fingerprint, for ten milliseconds.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - position: What its end has sent before.
  ///   - haste: Nanoseconds since the connection's last segment.
  ///   - mayRepeatItself: The same may be due again: a duplicate acknowledgment.
  /// - Returns: Its place in the order of sending.
  mutating func place(
    of segment: inout Segment, at position: EndpointPosition, haste: Int64, mayRepeatItself: Bool
  ) -> SendingOrder.Place {
    let newlyAcknowledged = newlyAcknowledged(by: &segment, position)
    let bringsBytes = segment.sequenceLength > 0 && segment.sequenceEnd > position.next
    // What a RST acknowledges is not noted, so a copy of it would seem to be new again.
    let bringsNews =
      bringsBytes || newlyAcknowledged > 0 && !segment.flags.contains(.rst)
    let isInOrder = bringsNews && segment.sequence == position.next
    guard position.knows.contains(.next), !isInOrder || newlyAcknowledged > 0 else {
      noteNews(&segment)
      return .unknown
    }
    let isForeign = newlyAcknowledged >= EndpointPosition.plausibleDistance
    // Nor is the first that acknowledges anything one of those that did not.
    let isFirstACK = segment.flags.contains(.ack) && cursor & Self.hasACK == 0
    let mayBeCopy = !bringsNews && !isFirstACK || isForeign
    let fingerprint = Self.fingerprint(of: &segment)
    let looksSentBefore =
      mayBeCopy && haste < Self.patience(for: &segment, mayRepeatItself: mayRepeatItself)
      && wasSentBefore(fingerprint)
    let place = order.place(
      of: &segment, bringsNews: bringsNews && !isForeign, looksSentBefore: looksSentBefore)
    if place == .copy || looksSentBefore && !(order.names(&segment) && place == .latest) {
      return .copy
    }
    order.note(&segment, bringsNews: bringsNews)
    if segment.flags.contains(.ack) { cursor |= Self.hasACK }
    if !order.names(&segment) { remember(fingerprint) }
    return place
  }

  @inline(__always)
  private func newlyAcknowledged(by segment: inout Segment, _ position: EndpointPosition) -> Int32 {
    segment.flags.contains(.ack) && position.knows.contains(.acknowledged)
      ? segment.acknowledgment - position.acknowledged : Int32.min
  }

  /// All fingerprints are those of segments.
  private static let hasAll: UInt8 = 1 << 2
  /// One of the segments that were no copies acknowledged something.
  private static let hasACK: UInt8 = 1 << 3

  private mutating func remember(_ fingerprint: UInt32) {
    fingerprints[Int(cursor & 3)] = fingerprint
    let next = (cursor & 3) &+ 1
    cursor = next == 3 ? cursor & Self.hasACK | Self.hasAll : cursor & ~3 | next
  }

  /// The window field of the last segment, as it was sent if the scale is known.
  func windowField(_ position: EndpointPosition) -> UInt16 {
    UInt16(truncatingIfNeeded: window &>> UInt32(position.windowShift))
  }

  /// What it sends next is no copy, though it may be the same as before.
  mutating func answersAgain() {
    cursor = 0
  }

  /// How long after the connection's last segment a copy may come, in nanoseconds.
  ///
  /// Where neither identification nor timestamp tells a copy from a repeat, only haste does. For the
  /// others the bound keeps the milliseconds in a fingerprint from going round.
  private static func patience(for segment: inout Segment, mayRepeatItself: Bool) -> Int64 {
    let hasName = segment.identification != 0 || segment.options.present.contains(.timestamps)
    return hasName ? 4_000_000_000 : mayRepeatItself ? 10_000 : 100_000
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
    for index in 0..<(cursor & Self.hasAll == 0 ? Int(cursor & 3) : 3) {
      let other = fingerprints[index]
      let isSame = (other ^ fingerprint) & ~Self.fingerprintTimeMask == 0
      let age = (fingerprint &- other) & Self.fingerprintTimeMask
      if isSame, age <= Self.duplicateMilliseconds { return true }
    }
    return false
  }
}
