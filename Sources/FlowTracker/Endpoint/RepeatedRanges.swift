import PacketParser

/// Bytes of one direction that were sent again, and the transmissions that did so: a few ranges, the
/// latest.
///
/// What comes after a repeat of the same bytes may be the original, which the repeat has overtaken; a
/// copy of either; or another repeat.
struct RepeatedRanges: BitwiseCopyable {
  struct Range: BitwiseCopyable {
    var left = SequenceNumber(0)
    var right = SequenceNumber(0)
    /// The latest repeat.
    var latest = TransmissionMark()
    /// The first transmission of the bytes that was seen, if others had overtaken it.
    var first = TransmissionMark()
    var hasFirst = false
    /// How often its first byte was sent again.
    var times: UInt8 = 1
    var pace = Pace()
    /// Nanoseconds from the repeat before to the latest.
    var sinceLatest: Int64 = 0
  }

  /// Whether the time from repeat to repeat grows, as it must (RFC 6298 §5.5).
  struct Pace: BitwiseCopyable {
    /// Sooner comes what no timer sends; later a timer need not grow any more (§2.5), in milliseconds.
    private static let timed: ClosedRange<UInt32> = 200...50_000

    private var interval: UInt32 = 0
    /// How often in a row it did not grow; at most 255 times are counted.
    private(set) var steady: UInt8 = 0

    /// So many nanoseconds after the repeat before comes another.
    mutating func note(_ nanoseconds: Int64) {
      let next = UInt32(clamping: nanoseconds / 1_000_000)
      let isTimed = Self.timed.contains(interval) && Self.timed.contains(next)
      // Timers are late at times, and never early.
      let grows = next > interval + interval / 4
      steady = isTimed && !grows ? (steady == .max ? .max : steady + 1) : 0
      interval = next
    }
  }

  private var ranges = InlineArray<4, Range>(repeating: Range())
  private var count: UInt8 = 0

  /// The range in which a number lies.
  func range(at number: SequenceNumber) -> Range? {
    for index in 0..<Int(count) where ranges[index].left <= number && number < ranges[index].right {
      return ranges[index]
    }
    return nil
  }

  /// Notes that the bytes of a range were sent again; of what was known of them, the rest is forgotten.
  mutating func note(_ range: Range) {
    var kept = RepeatedRanges()
    for index in 0..<Int(count) {
      var other = ranges[index]
      if range.left <= other.left { other.left = range.right } else { other.right = range.left }
      let isApart = ranges[index].right <= range.left || range.right <= ranges[index].left
      if isApart {
        kept.append(ranges[index])
      } else if other.left < other.right {
        kept.append(other)
      }
    }
    kept.append(range)
    self = kept
  }

  /// Notes whether the latest repeat of the bytes at a number was sent by a timer.
  ///
  /// - Returns: How often in a row the time between two of those did not grow.
  mutating func notePace(at number: SequenceNumber, isTimed: Bool) -> UInt8 {
    for index in 0..<Int(count) where ranges[index].left == number {
      guard isTimed else {
        ranges[index].pace = Pace()
        return 0
      }
      if ranges[index].times > 1 { ranges[index].pace.note(ranges[index].sinceLatest) }
      return ranges[index].pace.steady
    }
    return 0
  }

  /// The oldest gives its place to the next.
  private mutating func append(_ range: Range) {
    if count == 4 {
      for index in 1..<4 { ranges[index - 1] = ranges[index] }
      count = 3
    }
    ranges[Int(count)] = range
    count += 1
  }
}
