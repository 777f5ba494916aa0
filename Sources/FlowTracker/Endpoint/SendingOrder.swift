import PacketParser

/// In which order an end has sent its segments, whatever order they were captured in.
///
/// A transmission carries the time at which it was sent (TSval, RFC 7323 §5.4; a repeat has a later
/// one), and most senders count the identification of IPv4 up. So both tell a repeat from a copy that
/// the network made, and from a segment that others have overtaken.
///
/// Senders that do not count (RFC 6864 allows any number) are seen to, and not believed.
struct SendingOrder: BitwiseCopyable {
  /// Bit i: the identification i below the newest one was seen, as in a replay window (RFC 4303
  /// §3.4.3).
  private var identifications: UInt64 = 0
  private var newestTimestamp: UInt32 = 0
  private var newestIdentification: UInt16 = 0
  /// The latest identification that left the window unseen.
  private var missedIdentification: UInt16 = 0
  /// The low two bits: in how many steps in a row the identification has been counted up; then
  /// `knowsTimestamp`, `knowsIdentification`.
  private var marks: UInt8 = 0

  private static let countMask: UInt8 = 3
  private static let knowsTimestamp: UInt8 = 1 << 2
  private static let knowsIdentification: UInt8 = 1 << 3
  /// So many small steps in a row are taken for counting.
  private static let trusted: UInt8 = 2
  /// A larger step is none of a sender that counts.
  private static let largestStep: Int16 = 1024
  /// Numbers this far below the newest one are older, and not of the next round.
  private static let furthestBelow: Int16 = -16384

  /// Where a segment stands among those that its end has sent and that were seen before.
  enum Place: UInt8 {
    /// Nothing tells.
    case unknown
    /// It was sent after all of them.
    case latest
    /// It was sent in the same tick of the sender's clock as the latest.
    case sameTime
    /// It was sent before some of them.
    case earlier
    /// It was sent before some of them, and not seen.
    case overtaken
    /// It is one of them, again.
    case copy

    /// It was sent before some segment that was seen before it.
    var isOld: Bool { self == .earlier || self == .overtaken || self == .copy }
  }

  /// Whether the sender is known to count its identifications up.
  @inline(__always)
  var countsIdentifications: Bool { marks & Self.countMask >= Self.trusted }

  /// Whether the identification of a segment names its transmission.
  @inline(__always)
  func names(_ segment: inout Segment) -> Bool {
    segment.identification != 0 && countsIdentifications
  }

  /// The end has sent timestamps, and goes on with them.
  @inline(__always)
  var hasTimestamps: Bool { marks & Self.knowsTimestamp != 0 }

  /// Whether the timestamp of a segment is the latest of its end; or both have none.
  @inline(__always)
  func expectsTimestamp(of segment: inout Segment) -> Bool {
    guard segment.options.present.contains(.timestamps) else { return !hasTimestamps }
    return hasTimestamps && !isBackwards(segment.options.timestampValue)
  }

  /// Whether a timestamp is older than the latest one.
  @inline(__always)
  func isBackwards(_ timestamp: UInt32) -> Bool {
    Int32(bitPattern: timestamp &- newestTimestamp) < 0
  }

  /// The ends have not agreed on timestamps: what the SYN had says nothing of others.
  mutating func forgetTimestamps() {
    marks &= ~Self.knowsTimestamp
  }

  /// Where a segment stands that has not been noted yet.
  ///
  /// One that `bringsNews` ends, or acknowledges, beyond all that was seen of its end, and so is no copy;
  /// one that `looksSentBefore` is the same in all but its identification as one just before.
  @inline(never)
  func place(of segment: inout Segment, bringsNews: Bool, looksSentBefore: Bool) -> Place {
    var place = Place.unknown
    if segment.options.present.contains(.timestamps), marks & Self.knowsTimestamp != 0 {
      let step = Int32(bitPattern: segment.options.timestampValue &- newestTimestamp)
      place = step > 0 ? .latest : step < 0 ? .earlier : .sameTime
    }
    let identification = segment.identification
    guard identification != 0, marks & Self.knowsIdentification != 0, place != .latest else {
      return place
    }
    let step = Int16(bitPattern: identification &- newestIdentification)
    guard countsIdentifications else {
      let isCopy = step == 0 && !bringsNews && (looksSentBefore || place == .earlier)
      return isCopy ? .copy : place
    }
    if step > 0 { return place == .earlier ? .earlier : .latest }
    if step > -64 {
      let wasSeen = identifications &>> UInt64(-Int(step)) & 1 != 0
      return wasSeen && !bringsNews ? .copy : .overtaken
    }
    guard step > Self.furthestBelow else { return place }
    let nothingWasMissed = Int16(bitPattern: identification &- missedIdentification) > 0
    return place != .unknown && nothingWasMissed && !bringsNews ? .copy : .earlier
  }

  /// Notes a segment of a sender that counts its identifications, if it is the latest by them.
  ///
  /// - Returns: Whether it is.
  @inline(__always)
  mutating func noteLatest(_ segment: inout Segment) -> Bool {
    guard noteNext(&segment) else { return false }
    noteTimestamp(&segment)
    return true
  }

  /// The same for a segment whose timestamp is expected.
  @inline(__always)
  mutating func noteExpected(_ segment: inout Segment) -> Bool {
    guard noteNext(&segment) else { return false }
    // Where it has none, nobody will ask for the one that is noted.
    newestTimestamp = segment.options.timestampValue
    return true
  }

  /// Notes the identification of a segment if it is the next one, or nearly, of a sender that counts them.
  @inline(__always)
  private mutating func noteNext(_ segment: inout Segment) -> Bool {
    let step = segment.identification &- newestIdentification
    // A step of 0 becomes the largest one.
    guard step &- 1 < 63, segment.identification != 0, countsIdentifications else { return false }
    noteStep(to: segment.identification, UInt64(step))
    return true
  }

  /// Notes a segment that is no copy.
  mutating func note(_ segment: inout Segment, bringsNews: Bool) {
    noteTimestamp(&segment)
    let identification = segment.identification
    guard identification != 0 else { return }
    let step = Int16(bitPattern: identification &- newestIdentification)
    if step > 0, step < 64, marks & Self.knowsIdentification != 0 {
      noteStep(to: identification, UInt64(step))
      if !countsIdentifications { marks &+= 1 }
    } else {
      noteUncommon(identification, step, bringsNews: bringsNews)
    }
  }

  @inline(__always)
  private mutating func noteTimestamp(_ segment: inout Segment) {
    guard segment.options.present.contains(.timestamps) else { return }
    let value = segment.options.timestampValue
    let isNewest =
      marks & Self.knowsTimestamp == 0 || Int32(bitPattern: value &- newestTimestamp) > 0
    newestTimestamp = isNewest ? value : newestTimestamp
    marks |= Self.knowsTimestamp
  }

  @inline(__always)
  private mutating func noteStep(to identification: UInt16, _ step: UInt64) {
    let left = ~identifications &>> (64 &- step)
    if left != 0 {
      missedIdentification =
        identification &- 64 &- UInt16(truncatingIfNeeded: left.trailingZeroBitCount)
    }
    identifications = identifications &<< step | 1
    newestIdentification = identification
  }

  @inline(never)
  private mutating func noteUncommon(_ identification: UInt16, _ step: Int16, bringsNews: Bool) {
    guard marks & Self.knowsIdentification != 0 else {
      marks |= Self.knowsIdentification
      newestIdentification = identification
      // What was sent before it may have been overtaken.
      identifications = 1
      missedIdentification = identification &- 64
      return
    }
    if step > 0, step <= Self.largestStep {
      identifications = 1
      missedIdentification = identification &- 64
      newestIdentification = identification
      if !countsIdentifications { marks &+= 1 }
    } else if step < 0, step > -64, countsIdentifications, !bringsNews {
      identifications |= 1 &<< UInt64(-Int(step))
    } else if bringsNews || !(step < 0 && step > Self.furthestBelow) {
      // It does not count.
      marks &= ~Self.countMask
      newestIdentification = identification
      identifications = 1
      missedIdentification = identification
    }
  }
}

/// A transmission by what tells when it was sent.
struct TransmissionMark: BitwiseCopyable {
  private var timestamp: UInt32 = 0
  /// When it was captured, in milliseconds of 2²⁰ nanoseconds.
  private var milliseconds: UInt32 = 0
  private var identification: UInt16 = 0
  private var hasTimestamp = false

  init() {}

  init(_ segment: Segment) {
    timestamp = segment.options.timestampValue
    hasTimestamp = segment.options.present.contains(.timestamps)
    identification = segment.identification
    milliseconds = UInt32(truncatingIfNeeded: segment.time.nanoseconds >> 20)
  }

  enum Order {
    case before, after, unknown
  }

  /// Whether a segment was sent before or after this transmission, by the same end.
  func order(of segment: Segment, countsIdentifications: Bool) -> Order {
    if hasTimestamp, segment.options.present.contains(.timestamps) {
      let step = Int32(bitPattern: segment.options.timestampValue &- timestamp)
      if step != 0 { return step > 0 ? .after : .before }
    }
    guard countsIdentifications, identification != 0, segment.identification != 0 else {
      return .unknown
    }
    let step = Int16(bitPattern: segment.identification &- identification)
    guard step != 0, step.magnitude < 4096 else { return .unknown }
    return step > 0 ? .after : .before
  }

  /// Whether a segment has the same identification, of a sender that counts them.
  func isSame(as segment: Segment, countsIdentifications: Bool) -> Bool {
    countsIdentifications && identification != 0 && identification == segment.identification
  }

  /// Nanoseconds from this transmission to a time, within 2²⁰.
  func nanoseconds(until time: Timestamp) -> Int64 {
    let now = UInt32(truncatingIfNeeded: time.nanoseconds >> 20)
    return Int64(Int32(bitPattern: now &- milliseconds)) << 20
  }
}
