import PacketParser

// How a segment takes its place in its sender's sequence space (RFC 9293 §3.4), as an observer sees
// it: what is new, what was seen before, what is missing.
extension Endpoint {
  /// Numbers further away than this belong to no live connection: no window reaches that far
  /// (RFC 7323 §2.3 limits it to 2³⁰).
  static let plausibleDistance: Int32 = 1 << 30

  /// What the other end may send next, as far as this one has told it.
  struct Expectation: BitwiseCopyable {
    var sequence: SequenceNumber
    var window: UInt32
  }

  @inline(__always)
  var expects: Expectation {
    Expectation(sequence: acknowledged, window: window)
  }

  /// Places a segment that is no RST.
  @inline(__always)
  mutating func place(
    _ segment: inout Segment, _ history: inout EndpointHistory, whilePeer expects: Expectation
  ) -> SegmentFacts {
    let length = segment.sequenceLength
    guard knows.contains(.next) else {
      next = segment.sequence + length
      contiguous = next
      knows.insert(.next)
      return []
    }
    if segment.sequence == next {
      next = next + length
      if contiguous == segment.sequence {
        contiguous = next
      } else if knows.contains(.holes) {
        history.ahead.insert(segment.sequence, next)
      }
      return []
    }
    return placeElsewhere(segment, length, &history, expects)
  }

  @inline(never)
  private mutating func placeElsewhere(
    _ segment: Segment, _ length: UInt32, _ history: inout EndpointHistory,
    _ expects: Expectation
  ) -> SegmentFacts {
    let start = segment.sequence
    let end = start + length
    let distance = start - next
    guard distance < Self.plausibleDistance, distance > -Self.plausibleDistance else {
      return .outsideWindow
    }
    if distance > 0 {
      guard length > 0 else { return .gapBefore }
      history.ahead.insert(start, end)
      next = end
      knows.insert(.holes)
      return .gapBefore
    }
    // Below `next`: empty, a probe, old, or part old and part new.
    guard length > 0 else {
      return distance == -1 && segment.flags.isDisjoint(with: [.syn, .fin]) ? .probe : []
    }
    // The last byte again is a probe only where nothing else is due: all of it is acknowledged
    // (RFC 9293 §3.8.4), or the window is shut (§3.8.6.1).
    let isLastByte = distance == -1 && length == 1 && segment.payloadLength == 1
    if isLastByte, expects.sequence == next || expects.window == 0 {
      history.redundantBytes &+= 1
      return .probe
    }

    if history.fillGap(start, end) { return [] }
    let isHeldAhead = knows.contains(.holes) && history.ahead.contains(start, end)
    if end <= contiguous || isHeldAhead {
      history.repeatedPackets &+= segment.flags.contains(.syn) ? 0 : 1
      history.repeatedBytes &+= UInt64(segment.payloadLength)
      history.redundantBytes &+= UInt64(segment.payloadLength)
      return segment.flags.contains(.syn) ? .repeatsSYN : .repeatsData
    }
    let new = history.ahead.missing(from: start > contiguous ? start : contiguous, to: end)
    history.redundantBytes &+= UInt64(min(segment.payloadLength, length &- min(length, new)))
    let overtaken = end <= next
    if end > next { next = end }
    if start <= contiguous {
      if end > contiguous { contiguous = end }
    } else {
      history.ahead.insert(start, end)
    }
    closeHoles(&history)
    if overtaken { history.outOfOrderPackets &+= 1 }
    return overtaken ? .outOfOrder : []
  }

  /// The peer acknowledges everything below `acknowledgment`: what was not seen of it, the capture
  /// missed.
  ///
  /// - Returns: Whether anything was.
  @inline(__always)
  mutating func learnAcknowledged(
    _ acknowledgment: SequenceNumber, _ history: inout EndpointHistory
  ) -> Bool {
    guard acknowledgment > contiguous else { return false }
    return learnGap(acknowledgment, &history)
  }

  @inline(never)
  private mutating func learnGap(
    _ acknowledgment: SequenceNumber, _ history: inout EndpointHistory
  ) -> Bool {
    let missing = history.ahead.missing(from: contiguous, to: acknowledgment)
    if missing > 0 {
      history.gaps &+= 1
      history.gapBytes &+= UInt64(missing)
      history.gapLeft = contiguous
      history.gapRight = acknowledgment
    }
    contiguous = acknowledgment
    if acknowledgment > next { next = acknowledgment }
    closeHoles(&history)
    return missing > 0
  }

  private mutating func closeHoles(_ history: inout EndpointHistory) {
    guard knows.contains(.holes) else { return }
    contiguous = history.ahead.advance(past: contiguous)
    if contiguous >= next { history.ahead = SequenceRanges() }
    if history.ahead.isEmpty { knows.remove(.holes) }
  }
}

extension EndpointHistory {
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
