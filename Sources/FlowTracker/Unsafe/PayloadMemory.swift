import PacketParser

/// What the latest segments with payload carried, of whatever connections: enough to tell whether one that
/// comes again says the same.
///
/// A fixed table in which each segment has one place, and gives it to the next that has the same: who sends
/// again does so soon, and a larger table would push connections out of the cache. The place comes from
/// numbers that are the same in each run.
@safe
struct PayloadMemory: ~Copyable {
  /// The latest 4,096 segments, about.
  private static let placeBits = 12
  /// The place of segments without payload, which nobody asks for.
  private static let beside = 1 << placeBits

  /// Two fit a cache line four times.
  private struct Entry: BitwiseCopyable {
    /// Which segment it is.
    var tag: UInt32 = 0
    /// Payload bytes that were captured.
    var length: UInt16 = 0
    /// Of all of them, where all were captured; else 0.
    var sum: UInt16 = 0
    /// The first of them.
    var start: UInt64 = 0
  }

  private let entries: UnsafeMutablePointer<Entry>

  init() {
    unsafe entries = .allocate(capacity: Self.beside + 1)
    unsafe entries.initialize(repeating: Entry(), count: Self.beside + 1)
  }

  deinit {
    unsafe entries.deallocate()
  }

  /// Remembers the payload of a segment that brings it for the first time, if it has any; the segment is
  /// `inout` for speed alone.
  @inline(__always)
  func note(_ segment: inout Segment, of connection: ConnectionID, _ sender: Side) {
    let name = Self.name(segment.sequence, connection, sender)
    let entry = Entry(
      tag: Self.tag(of: name), length: Self.length(of: &segment), sum: segment.payloadSum,
      start: segment.payloadStart)
    // Without a branch: whether a segment has payload is nothing that a processor can foresee.
    let place = segment.capturedPayloadLength > 0 ? Self.place(of: name) : Self.beside
    unsafe (entries + place).pointee = entry
  }

  /// Whether a segment that was sent before carries other bytes than it did then.
  ///
  /// As far as is known: of both the first eight bytes are compared, and where both have the same length and
  /// were captured whole, their sums.
  func differs(_ segment: inout Segment, of connection: ConnectionID, _ sender: Side) -> Bool {
    let name = Self.name(segment.sequence, connection, sender)
    let known = unsafe entries[Self.place(of: name)]
    guard known.tag == Self.tag(of: name) else { return false }
    let length = Self.length(of: &segment)
    let shorter = min(length, known.length, 8)
    let differing = (segment.payloadStart ^ known.start) >> (64 - 8 * UInt64(shorter))
    guard differing == 0 else { return true }
    return length == known.length && segment.payloadSum != 0 && known.sum != 0
      && segment.payloadSum != known.sum
  }

  @inline(__always)
  private static func name(
    _ sequence: SequenceNumber, _ connection: ConnectionID, _ sender: Side
  ) -> UInt64 {
    let both =
      UInt64(sequence.rawValue) << 32 | UInt64(connection.rawValue) << 1 | UInt64(sender.rawValue)
    return both &* 0x9e37_79b9_7f4a_7c15
  }

  /// By the highest bits, which depend on all of the others.
  @inline(__always)
  private static func place(of name: UInt64) -> Int {
    Int(truncatingIfNeeded: name >> UInt64(64 &- placeBits))
  }

  /// By those below them.
  @inline(__always)
  private static func tag(of name: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: name >> UInt64(32 &- placeBits))
  }

  /// Of more than 65,535 bytes there are none.
  @inline(__always)
  private static func length(of segment: inout Segment) -> UInt16 {
    UInt16(truncatingIfNeeded: segment.capturedPayloadLength)
  }
}
