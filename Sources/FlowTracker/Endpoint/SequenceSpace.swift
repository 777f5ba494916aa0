import PacketParser

// How a segment takes its place in its sender's sequence space (RFC 9293 §3.4), as an observer sees
// it: what is new, what was seen before, what is missing.
extension EndpointPosition {
  /// Numbers further away than this belong to no live connection: no window reaches that far
  /// (RFC 7323 §2.3 limits it to 2³⁰).
  static let plausibleDistance: Int32 = 1 << 30

  /// What a segment that is not the next in order is judged by.
  struct Circumstances: BitwiseCopyable {
    /// The number that the peer expects next, as far as it has told, and its window.
    var expected: SequenceNumber
    var window: UInt32
    /// The number that it begins with may not have been a byte of data when it was sent before: it was that of
    /// the SYN, or may have probed a shut window.
    var firstMayBeNoData: Bool
    /// When it was sent, compared to the others.
    var age: SendingOrder.Place
    var countsIdentifications: Bool
    /// The shortest time in which a loss is repaired, in nanoseconds.
    var repairTime: Int64
    /// The peer has asked for it, by duplicate or selective acknowledgments.
    var isWanted: Bool
  }

  /// A capture that mixes up the order of its frames does so by less, in nanoseconds.
  private static let captureDisorder: Int64 = 1_000_000

  /// Places a segment that follows the one before, as most do.
  ///
  /// - Returns: Whether it does; if not, it is left to `placeElsewhere`.
  @inline(__always)
  mutating func placeNext(_ segment: inout Segment) -> Bool {
    if !knows.contains(.next) {
      begin(at: segment.sequence)
    } else if segment.sequence != next || knows.contains(.holes) {
      return false
    }
    next = next + segment.sequenceLength
    return true
  }

  /// Forgets what was sent so far: the next byte has this number.
  @inline(__always)
  mutating func begin(at sequence: SequenceNumber) {
    next = sequence
    knows.insert(.next)
    knows.remove(.holes)
  }

  /// The end of what was seen without a hole: what the peer would acknowledge.
  func contiguous(_ seen: EndpointIrregularities) -> SequenceNumber {
    knows.contains(.holes) ? seen.contiguous : next
  }

  /// Places a segment that is not the next one in order, or that follows a hole.
  mutating func placeElsewhere(
    _ segment: Segment, _ seen: inout EndpointIrregularities, _ circumstances: Circumstances
  ) -> SegmentFacts {
    let length = segment.sequenceLength
    let start = segment.sequence
    let end = start + length
    let distance = start - next
    guard distance < Self.plausibleDistance, distance > -Self.plausibleDistance else {
      return .outsideWindow
    }
    if distance >= 0 {
      // Who has told of a hole tells of it once; and before a SYN there is nothing.
      let isGap = distance > 0 && seen.passed != start && !segment.flags.contains(.syn)
      guard length > 0 else {
        if distance > 0 { seen.passed = start }
        return isGap ? .gapBefore : []
      }
      if !knows.contains(.holes) {
        seen.contiguous = next
        seen.ahead = SequenceRanges()
        knows.insert(.holes)
      }
      seen.ahead.insert(start, end, TransmissionMark(segment))
      next = end
      return isGap ? .gapBefore : []
    }
    // Below `next`: empty, a probe, old, or part old and part new.
    guard length > 0 else {
      return distance == -1 && segment.flags.isDisjoint(with: [.syn, .fin]) ? .probe : []
    }
    // The last byte again is a probe only where nothing else is due: all of it is acknowledged
    // (RFC 9293 §3.8.4), or the window is shut (§3.8.6.1).
    let isLastByte = distance == -1 && length == 1 && segment.payloadLength == 1
    if isLastByte, circumstances.expected == next || circumstances.window == 0 {
      seen.redundantBytes &+= 1
      return .probe
    }

    if seen.fillGap(start, end) { return fillsGap(segment, &seen, circumstances) }
    let contiguous = contiguous(seen)
    let isHeldAhead = knows.contains(.holes) && seen.ahead.contains(start, end)
    // A SYN that comes again delivers nothing, whatever it carries.
    let isSYN = segment.flags.contains(.syn)
    if end <= contiguous || isHeldAhead || isSYN && end <= next {
      return repeats(segment, &seen, circumstances)
    }
    let resends = repeatsIgnored(start, end, seen)
    let new = missing(from: start > contiguous ? start : contiguous, to: end, seen)
    var facts: SegmentFacts = new < length ? .repeatsPartly : []
    if !resends {
      seen.redundantBytes &+= UInt64(min(segment.payloadLength, length &- min(length, new)))
    }
    let isBelowOthers = end <= next
    let isRepair = isRepair(segment, seen, circumstances)
    if end > next { next = end }
    if start > contiguous {
      seen.ahead.insert(start, end, TransmissionMark(segment))
    } else if end > contiguous {
      seen.contiguous = end
    }
    closeHoles(&seen)
    if resends {
      seen.noteRepeat(segment.payloadLength)
      return .repeatsData
    }
    guard isBelowOthers else {
      guard new < length, sendsAgain(length &- new, of: segment, seen, circumstances) else {
        return facts
      }
      seen.repeatedPackets &+= 1
      seen.repeatedBytes &+= UInt64(length &- new)
      seen.noteResent(segment, upTo: start + (length &- new), isFirstSeen: false)
      return facts.union(.repeatsData)
    }
    if isRepair {
      seen.noteRepair(segment)
      facts.insert(.repairsLoss)
    } else {
      seen.outOfOrderPackets &+= 1
      facts.insert(.outOfOrder)
    }
    return facts
  }

  /// Whether a segment that goes on with new bytes sends so many again before them.
  ///
  /// Some may only be known from an acknowledgment.
  private func sendsAgain(
    _ length: UInt32, of segment: Segment, _ seen: EndpointIrregularities,
    _ circumstances: Circumstances
  ) -> Bool {
    let bringsAllData = circumstances.firstMayBeNoData && length == 1
    let isInGap = seen.gapLeft <= segment.sequence && segment.sequence < seen.gapRight
    return !bringsAllData && !isInGap && !circumstances.age.isOld && !segment.flags.contains(.syn)
  }

  /// All of its bytes were seen before: sent again; or a copy, or the original that its own repeat has
  /// overtaken.
  private mutating func repeats(
    _ segment: Segment, _ seen: inout EndpointIrregularities, _ circumstances: Circumstances
  ) -> SegmentFacts {
    let isSYN = segment.flags.contains(.syn)
    let counts = circumstances.countsIdentifications
    var age = circumstances.age
    if let known = seen.resent.range(at: segment.sequence) {
      let order = known.latest.order(of: segment, countsIdentifications: counts)
      if order == .after {
        age = .latest
      } else if known.hasFirst,
        known.first.order(of: segment, countsIdentifications: counts) == .before
      {
        seen.outOfOrderPackets &+= 1
        seen.redundantBytes &+= UInt64(segment.payloadLength)
        return .outOfOrder
      } else if order == .before && age != .overtaken
        || known.latest.isSame(as: segment, countsIdentifications: counts)
      {
        return .duplicateFrame
      }
    }
    // Older than what was seen, and all of it was.
    if age == .earlier { return .duplicateFrame }
    seen.noteRepeat(segment.payloadLength, isSYN: isSYN)
    seen.noteResent(segment, upTo: segment.sequenceEnd, isFirstSeen: false)
    return isSYN ? .repeatsSYN : .repeatsData
  }

  /// It brings bytes that were acknowledged before they were seen: the capture has mixed up the order
  /// of its frames, the segment was overtaken, or it is a needless repeat of one that the capture
  /// missed.
  private func fillsGap(
    _ segment: Segment, _ seen: inout EndpointIrregularities, _ circumstances: Circumstances
  ) -> SegmentFacts {
    let wait = segment.time.nanoseconds(since: seen.gapTime)
    if wait < Self.captureDisorder { return .capturedLate }
    switch circumstances.age {
    case .earlier, .overtaken, .copy:
      seen.outOfOrderPackets &+= 1
      return .outOfOrder
    case .latest, .sameTime:
      seen.noteRepair(segment)
      return .repeatsAcknowledged
    case .unknown: return []
    }
  }

  /// Whether a segment that fills a hole was sent after those that follow it, and so again; or only
  /// was overtaken by them.
  private func isRepair(
    _ segment: Segment, _ seen: EndpointIrregularities, _ circumstances: Circumstances
  ) -> Bool {
    guard knows.contains(.holes), let overtaker = seen.ahead.mark(above: segment.sequence) else {
      return !circumstances.age.isOld && circumstances.age != .unknown
    }
    switch overtaker.order(
      of: segment, countsIdentifications: circumstances.countsIdentifications)
    {
    case .after: return true
    case .before: return false
    case .unknown:
      // A repair takes a round trip (RFC 5681 §3.2), and is asked for or waits for a timer.
      let wait = overtaker.nanoseconds(until: segment.time)
      return wait >= circumstances.repairTime
        && (wait >= LossEvidence.shortestTimeout || circumstances.isWanted)
    }
  }

  /// The peer has ignored all that was seen of it so far: what came on a SYN and was not acknowledged
  /// (RFC 7413 §3), or before the SYN-ACK (RFC 9293 §3.10.7.3).
  ///
  /// It is to come again from `sequence` on.
  mutating func expectAgain(from sequence: SequenceNumber, _ seen: inout EndpointIrregularities) {
    seen.ignored = next
    seen.contiguous = sequence
    seen.ahead = SequenceRanges()
    knows.insert(.holes)
  }

  /// Whether all that is missing of these bytes was seen, and ignored by the peer.
  private func repeatsIgnored(
    _ start: SequenceNumber, _ end: SequenceNumber, _ seen: EndpointIrregularities
  ) -> Bool {
    guard let ignored = seen.ignored, knows.contains(.holes), start < ignored else { return false }
    return end <= ignored || missing(from: ignored, to: end, seen) == 0
  }

  /// How many of the bytes from `start` up to `end` have not been seen.
  private func missing(
    from start: SequenceNumber, to end: SequenceNumber, _ seen: EndpointIrregularities
  ) -> UInt32 {
    knows.contains(.holes)
      ? seen.ahead.missing(from: start, to: end) : UInt32(bitPattern: max(0, end - start))
  }

  /// The peer acknowledges everything below `acknowledgment`: what was not seen of it, the capture
  /// missed.
  ///
  /// - Returns: Whether anything was.
  @inline(never)
  mutating func learnAcknowledged(
    _ acknowledgment: SequenceNumber, _ seen: inout EndpointIrregularities
  ) -> Bool {
    let contiguous = contiguous(seen)
    guard acknowledgment > contiguous else { return false }
    let known = seen.ignored.map { $0 > contiguous ? $0 : contiguous } ?? contiguous
    let missing = acknowledgment > known ? missing(from: known, to: acknowledgment, seen) : 0
    if missing > 0 {
      seen.gaps &+= 1
      seen.gapBytes &+= UInt64(missing)
      seen.gapLeft = known
      seen.gapRight = acknowledgment
      // The segment behind a hole has told of it.
      seen.gapIsTold = acknowledgment <= next || seen.passed == acknowledgment
    }
    seen.contiguous = acknowledgment
    if acknowledgment > next { next = acknowledgment }
    closeHoles(&seen)
    return missing > 0
  }

  private mutating func closeHoles(_ seen: inout EndpointIrregularities) {
    guard knows.contains(.holes) else { return }
    seen.contiguous = seen.ahead.advance(past: seen.contiguous)
    if seen.contiguous >= next || seen.ahead.isEmpty && seen.ignored == nil { knows.remove(.holes) }
  }
}

extension EndpointIrregularities {
  /// Whether a segment in order is the first after bytes that its peer acknowledged and that the
  /// capture does not have.
  mutating func followsGap(_ segment: inout Segment) -> Bool {
    guard gapLeft < gapRight, segment.sequence == gapRight, !gapIsTold else { return false }
    gapIsTold = true
    return true
  }

  /// Counts a segment that was sent again, of which the capture has the bytes for the first time.
  fileprivate mutating func noteRepair(_ segment: Segment) {
    repeatedPackets &+= 1
    repeatedBytes &+= UInt64(segment.payloadLength)
    noteResent(segment, upTo: segment.sequenceEnd, isFirstSeen: true)
  }

  /// Remembers a transmission of bytes that were sent before, up to the number `end`.
  ///
  /// Where it `isFirstSeen` of these bytes, what was sent before it may still come.
  fileprivate mutating func noteResent(
    _ segment: Segment, upTo end: SequenceNumber, isFirstSeen: Bool
  ) {
    let mark = TransmissionMark(segment)
    var range = RepeatedRanges.Range(
      left: segment.sequence, right: end, latest: mark)
    let known = resent.range(at: segment.sequence)
    if let known {
      range.times = known.times == .max ? .max : known.times + 1
      range.pace = known.pace
      range.sinceLatest = known.latest.nanoseconds(until: segment.time)
    }
    if let known, known.hasFirst {
      (range.first, range.hasFirst) = (known.first, true)
    } else if isFirstSeen {
      (range.first, range.hasFirst) = (mark, true)
    }
    if range.times > mostRepeats {
      (mostRepeats, mostRepeated, mostRepeatedEnd) = (range.times, range.left, range.right)
    }
    resent.note(range)
  }

  /// The bytes at a number were sent again, by a timer or not.
  mutating func notePace(at number: SequenceNumber, isTimed: Bool) {
    mostSteady = max(mostSteady, resent.notePace(at: number, isTimed: isTimed))
  }

  fileprivate mutating func noteRepeat(_ payload: UInt32, isSYN: Bool = false) {
    repeatedPackets &+= isSYN ? 0 : 1
    repeatedBytes &+= UInt64(payload)
    redundantBytes &+= UInt64(payload)
  }

  /// Whether the bytes are the next of those that were acknowledged before they were seen: the
  /// capture did not miss them after all.
  fileprivate mutating func fillGap(_ start: SequenceNumber, _ end: SequenceNumber) -> Bool {
    guard gapLeft < gapRight, start == gapLeft, end <= gapRight else { return false }
    gapBytes &-= min(gapBytes, UInt64(UInt32(bitPattern: end - start)))
    gapLeft = end
    if gapLeft == gapRight { gaps &-= min(gaps, 1) }
    return true
  }
}
