import PacketParser

// What a RST says of what came before it, and what comes after it says of the RST: an end that was
// gone already, and a RST that has ended nothing.
extension LiveConnection {
  /// How long after a RST new bytes may have left before it, in nanoseconds: a sender has waited
  /// less until it repeats them (RFC 6298 §2.1, §5.7).
  private static let reordering: Int64 = 3_000_000_000
  /// After ABORT none may at all; less than people notice is left to inaccurate stacks.
  private static let reorderingAfterAbort: Int64 = 200_000_000

  /// An end answered by a RST of an end without connection what was to move it: it was gone before.
  ///
  /// The number is that which the segment acknowledged, an old one perhaps (RFC 9293 §3.10.7.1).
  /// Data after close() draw such a RST too, but only after their ACK was taken in (RFC 9293 §3.6.1).
  func withdrawRefused(
    _ segment: inout Segment, _ own: Int, _ nanosecondsSinceLast: Int64
  ) {
    let peer = 1 - own
    let last = history.ends[own].states.count - 1
    guard last >= 0, let arrival = presumedArrival(own, last), arrival != .reset,
      core.ends[own].state != .closed,
      core.ends[peer].knows.contains(.acknowledged),
      segment.sequence <= core.ends[peer].acknowledged,
      let mark = frameMark(history.ends[own].states[last].milestone),
      // Copies of it may lie between.
      segment.time.nanoseconds(since: mark.time) &- nanosecondsSinceLast < Self.nearbyRoundTrip
    else { return }
    let acknowledgesFIN = arrival == .ackOfFIN || arrival == .finAndACKOfFIN
    let hasData = history.ends[own].ackOfFINHasData
    let hasMore = core.ends[peer].next != history.ends[own].sentAfterACKOfFIN
    let hasGivenUp = hasGivenUp(own, by: mark)
    if arrival == .ackOfFIN, hasData || hasMore, !hasGivenUp { return }
    withdraw(own, from: last)
    if acknowledgesFIN, hasData, !hasGivenUp { move(own, .receivesACKOfFIN, mark, .presumed) }
  }

  /// Whether an end had repeated its FIN, or what is before it, for the last time long before it was
  /// acknowledged: the next repeat was overdue.
  ///
  /// The time between two repeats doubles (RFC 6298 §5.5). Where it has not been seen to, the first
  /// may have been no timer's.
  private func hasGivenUp(_ own: Int, by mark: FrameMark) -> Bool {
    guard let fin = frameMark(history.ends[own].fin),
      core.traits.contains(.isIrregular), irregularities[own].repeats.latest > 0
    else { return false }
    let repeats = irregularities[own].repeats
    let silence = mark.time.nanoseconds(since: fin.time) / 1_000_000 - Int64(repeats.latest)
    let due = 2 * Int64(repeats.interval)
    let longest = Self.reordering / 1_000_000
    return silence > (repeats.backOff ? due + due / 10 : max(longest, due))
  }

  /// Whether an end that has sent a RST with SND.NXT (RFC 9293 §3.10.5) sends payload beyond it.
  func goesOnAfterOwnReset(_ segment: inout Segment, _ own: Int) -> Bool {
    segment.payloadLength > 0 && history.closing.reset != .none && history.closing.isAbort
      && Int(history.closing.latestResetBy.rawValue) == own
      && segment.sequenceEnd > history.closing.resetSequence
  }

  /// What an end sends after a RST that was believed may show that it ended nothing.
  ///
  /// If its sender goes on as only a live end does (new bytes where the RST said there were none, an
  /// acknowledgment of what was sent after it), somebody else has forged it. If only its receiver
  /// goes on, that one never had it.
  ///
  /// ABORT sends a RST with SND.NXT (RFC 9293 §3.10.5), beyond which nothing was sent. The RST of an
  /// end without connection has the number that was acknowledged last (§3.10.7.1): bytes beyond that
  /// may have left before it, and come after it.
  func refuteReset(by segment: inout Segment, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    let last = history.ends[own].states.count - 1
    guard last >= 0, segment.flags.contains(.ack),
      let mark = frameMark(history.ends[own].states[last].milestone)
    else { return [] }
    if presumedArrival(own, last) == .reset {
      guard
        acknowledgesBeyondReset(&segment, own)
          || segment.time.nanoseconds(since: mark.time) > roundTrip(to: own)
      else { return [] }
      noteLoss(own, history.ends[own].states[last].milestone)
      withdraw(own, from: last)
      return [.showsLoss, .refutesReset]
    }
    let patience = history.closing.isAbort ? Self.reorderingAfterAbort : Self.reordering
    let hasNewBytes =
      segment.sequenceLength > 0 && segment.sequenceEnd == core.ends[own].next
      && segment.sequenceEnd > history.closing.resetSequence
      && segment.time.nanoseconds(since: mark.time) > patience
    let evidence = history.ends[own].states[last].evidence
    guard Int(history.closing.latestResetBy.rawValue) == own,
      evidence == .sent || evidence == .presumed && presumedArrival(own, last) == nil,
      hasNewBytes || segment.acknowledgment > history.closing.sentBeforeReset
    else { return [] }
    withdraw(own)
    if core.ends[peer].state == .closed {
      let index = history.ends[peer].states.count - 1
      if presumedArrival(peer, index) == .reset { withdraw(peer, from: index) }
    }
    history.closing.reset = .none
    restoreStage()
    return .refutesReset
  }

  /// The receiver of a RST acknowledges more than its number: when it got there that was no longer the
  /// next byte, and ended nothing (RFC 5961 §3.2), however soon the acknowledgment comes.
  ///
  /// Linux takes a RST with the number of the FIN after the FIN too (tcp_reset_check).
  private func acknowledgesBeyondReset(_ segment: inout Segment, _ own: Int) -> Bool {
    guard Int(history.closing.latestResetBy.rawValue) == 1 - own else { return false }
    let beyond = segment.acknowledgment - history.closing.resetSequence
    let followsFIN =
      core.ends[1 - own].knows.contains(.fin)
      && history.closing.resetSequence == history.ends[1 - own].finSequence
    return beyond > (followsFIN ? 1 : 0)
  }

  /// An end answered the SYN-ACK by a RST without ACK, so it never was in ESTABLISHED.
  ///
  /// So does who has no connection (RFC 9293 §3.10.7.1): it had given up, or the SYN was an old one.
  func withdrawPresumedHandshake(_ end: Int, at now: Timestamp) {
    guard core.ends[end].state == .established, let last = history.ends[end].states.last,
      last.isPresumed
    else { return }
    if history.handshake.traits.contains(.bothSentSYN),
      let mark = frameMark(last.milestone),
      now.nanoseconds(since: mark.time) > roundTrip(to: end)
    {
      // It is a later SYN-ACK that it answers, and by then has lost what it had.
      return
    }
    withdraw(end)
    // Nor was there a SYN that nobody saw.
    if history.ends[end].states.last?.evidence == .implied { withdraw(end) }
  }
}
