import PacketParser

// The RST: whether it must be taken, and what it ends (RFC 9293 §3.10.7, RFC 5961 §3).
extension LiveConnection {
  func takeReset(
    _ segment: inout Segment, from sender: Side, nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)
    if segment.checksumStatus == .wrong, core.ends[own].knows.contains(.correctChecksums) {
      // Its receiver discards it (RFC 9293 §3.1).
      return .ignoredReset
    }
    let isBare = !segment.flags.contains(.ack)
    // ABORT sends SND.NXT (RFC 9293 §3.10.5).
    let isAbort = !isBare && segment.sequence == core.ends[own].next
    if isBare { confirmClosed(own) }
    if isAbort { confirm(&segment, own) }
    let verdict = judgeReset(&segment, own)
    guard verdict == .acceptableReset else {
      if isBare ? answersOldSegment(&segment, own) : isAbort {
        // Its receiver does not take it, and yet its sender has no connection any more.
        noteReset(&segment, own)
        if isBare { withdrawRefused(&segment, own, nanosecondsSinceLast) }
        move(own, .sendsRST, mark, evidenceOfReset(own, isBare: isBare))
        if core.ends[own].state == .closed, core.ends[peer].state == .closed {
          core.stage = .closed
        }
      }
      return verdict
    }
    if isBare, rejectsAcknowledgment(&segment, own) { return verdict }
    guard history.closing.reset == .none else {
      takeLaterReset(&segment, from: sender)
      return verdict
    }
    noteReset(&segment, own)
    if core.ends[own].state == .synSent, core.ends[peer].knows.contains(.openedPassively),
      segment.sequence != history.ends[own].initialSequence + 1
    {
      // It rejects a SYN-ACK that was meant for another SYN, and goes on waiting for its own
      // (RFC 9293 §3.10.7.3): only the peer goes back.
      move(peer, .receivesRSTAfterPassiveOpen, mark, .presumed)
      forgetNumbers(of: peer)
      return verdict
    }

    let isRefusal =
      core.ends[peer].state == .synSent && !core.ends[own].knows.contains(.initialSequence)
    if !history.handshake.traits.contains(.complete),
      history.handshake.wasSeen
    {
      history.handshake.traits.insert(isRefusal ? .refused : .aborted)
    }
    if isBare {
      if !core.ends[peer].knows.contains(.synAcknowledged) {
        withdrawPresumedHandshake(own, at: segment.time)
      }
      withdrawRefused(&segment, own, nanosecondsSinceLast)
    }
    if core.ends[own].state == nil, core.ends[peer].state != nil {
      // Nothing was listening there, already when the SYN came.
      enter(
        .closed, own, isRefusal ? history.milestones[history.handshake.syn] ?? mark : mark, .implied
      )
    } else if hasGivenUpOpening(&segment, own) {
      withdraw(own)
      enter(.closed, own, mark, .sent)
    } else if core.ends[own].state == .synSent, core.ends[peer].knows.contains(.openedPassively) {
      // It refuses the answer to its own SYN: it has given up, or a raw socket has sent it.
      enter(.closed, own, mark, .sent)
    } else {
      move(own, .sendsRST, mark, evidenceOfReset(own, isBare: isBare))
    }
    let passive = core.ends[peer].knows.contains(.openedPassively)
    move(peer, passive ? .receivesRSTAfterPassiveOpen : .receivesRST, mark, .presumed)
    history.closing.reset = history.milestone(at: mark)
    history.closing.resetBy = sender
    if core.ends[0].state != nil || core.ends[1].state != nil { core.stage = .closed }
    return verdict
  }

  /// How surely whoever sends a RST is in CLOSED after it.
  ///
  /// A lone RST comes from LISTEN just as from CLOSED (RFC 9293 §3.10.7.2), and to LISTEN goes who never
  /// was in ESTABLISHED.
  private func evidenceOfReset(_ own: Int, isBare: Bool) -> Evidence {
    isBare && mayNeverHaveOpened(own) ? .presumed : .sent
  }

  /// SYN-SENT and SYN-RECEIVED answer an acknowledgment of what they have not sent by a lone RST, and
  /// stay (RFC 9293 §3.10.7.3, first; §3.10.7.4, fifth).
  private func rejectsAcknowledgment(_ segment: inout Segment, _ own: Int) -> Bool {
    let isWaiting =
      core.ends[own].state == .synReceived
      || core.ends[own].state == .synSent && core.ends[1 - own].state == nil
    return isWaiting && core.ends[own].knows.contains(.initialSequence)
      && (segment.sequence <= history.ends[own].initialSequence
        || segment.sequence > core.ends[own].next)
  }

  /// An end that has sent a SYN refuses another as only one without connection does (RFC 9293
  /// §3.10.7.1), and never was in SYN-RECEIVED.
  private func hasGivenUpOpening(_ segment: inout Segment, _ own: Int) -> Bool {
    let last = history.ends[own].states.count - 1
    return core.ends[own].state == .synReceived && last >= 0 && presumedArrival(own, last) == .syn
      && !core.ends[own].knows.contains(.sentSYNACK) && segment.flags.contains(.ack)
      && segment.sequence != core.ends[own].next
  }

  /// Whether the RST must be taken by the end it reaches (RFC 9293 §3.10.7.3 and .4, RFC 5961 §3.2).
  ///
  /// The next byte that the receiver expects lies between what it has acknowledged and what was seen
  /// without a hole; every number in between is taken for exact.
  private func judgeReset(_ segment: inout Segment, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    if core.ends[peer].state == .synSent, !core.ends[own].knows.contains(.initialSequence) {
      let answersSYN =
        segment.flags.contains(.ack)
        && segment.acknowledgment > history.ends[peer].initialSequence
        && segment.acknowledgment <= core.ends[peer].next
      return answersSYN ? .acceptableReset : .ignoredReset
    }
    guard core.ends[own].knows.contains(.next) else { return .acceptableReset }
    let sequence = segment.sequence
    guard core.ends[peer].knows.contains(.acknowledged) else {
      let distance = sequence - core.ends[own].next
      let isNear = distance < Endpoint.plausibleDistance && distance > -Endpoint.plausibleDistance
      return isNear ? .acceptableReset : .ignoredReset
    }
    let expected = core.ends[peer].acknowledged
    if let next = receiveNext(of: peer) {
      // Linux takes one with the number of the FIN before it too (tcp_reset_check).
      let state = core.ends[peer].state
      let followsFIN =
        (state == .closeWait || state == .lastACK || state == .closing)
        && expected <= sequence && sequence == history.ends[own].finSequence
      if sequence == next || followsFIN { return .acceptableReset }
      return sequence.isWithin(max(core.ends[peer].window, 1), from: next)
        ? .inexactReset : .ignoredReset
    }
    if expected <= sequence, sequence <= contiguous(own) || sequence == expected {
      return .acceptableReset
    }
    // Linux takes any RST in the window of a request that has no socket yet, its right edge included
    // (tcp_check_req, tcp_in_window).
    let isRequest =
      core.ends[peer].state == .synReceived && core.ends[peer].knows.contains(.openedPassively)
      && !history.handshake.traits.contains(.dataAccepted)
    if isRequest, sequence.isWithin(core.ends[peer].window &+ 1, from: expected) {
      return .acceptableReset
    }
    return sequence.isWithin(max(core.ends[peer].window, 1), from: expected)
      ? .inexactReset : .ignoredReset
  }

  /// How long after a RST new bytes may have left before it, in nanoseconds: a sender has waited
  /// less until it repeats them (RFC 6298 §2.1, §5.7).
  private static let reordering: Int64 = 3_000_000_000
  /// After ABORT none may at all; less than people notice is left to inaccurate stacks.
  private static let reorderingAfterAbort: Int64 = 200_000_000

  /// The next byte that a synchronized end expects, where the capture was taken at that end.
  private func receiveNext(of end: Int) -> SequenceNumber? {
    guard core.ends[end].state?.isSynchronized == true, isCaptured(at: end) else { return nil }
    let seen = contiguous(1 - end)
    let acknowledged = core.ends[end].acknowledged
    guard seen > acknowledged else { return acknowledged }
    // What lies beyond the window is dropped (RFC 9293 §3.10.7.4, first).
    let edge = rightEdge(of: end)
    return seen < edge ? seen : edge
  }

  /// The RST of an end without connection has the ACK number of what it answers (RFC 9293
  /// §3.10.7.1): its number is one that the peer has passed.
  ///
  /// SYN-SENT and SYN-RECEIVED reject a bad ACK so too, and stay.
  private func answersOldSegment(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    guard core.ends[own].state?.isSynchronized == true,
      core.ends[own].knows.contains(.initialSequence),
      core.ends[peer].knows.contains(.acknowledged)
    else { return false }
    return segment.sequence > history.ends[own].initialSequence
      && segment.sequence <= core.ends[peer].acknowledged
  }

  private func noteReset(_ segment: inout Segment, _ own: Int) {
    history.closing.resetSequence = segment.sequence
    history.closing.isAbort = segment.flags.contains(.ack)
    history.closing.sentBeforeReset = core.ends[1 - own].next
  }

  /// A RST after one that was believed: one of the ends may have gone on.
  private func takeLaterReset(_ segment: inout Segment, from sender: Side) {
    let own = Int(sender.rawValue)
    let mark = FrameMark(segment)
    let movesSender = core.ends[own].state?.isSynchronized == true
    let movesReceiver = core.ends[1 - own].state?.isSynchronized == true
    guard movesSender || movesReceiver else { return }
    noteReset(&segment, own)
    if movesSender {
      let isBare = !segment.flags.contains(.ack)
      move(own, .sendsRST, mark, evidenceOfReset(own, isBare: isBare))
    }
    guard movesReceiver else { return }
    move(1 - own, .receivesRST, mark, .presumed)
    history.closing.reset = history.milestone(at: mark)
    history.closing.resetBy = sender
    core.stage = .closed
  }

  /// An end answered by a RST of an end without connection what was to move it: it was gone before.
  ///
  /// The number is that which the segment acknowledged, an old one perhaps (RFC 9293 §3.10.7.1).
  /// Data after close() draw such a RST too, but only after their ACK was taken in (RFC 9293 §3.6.1).
  private func withdrawRefused(
    _ segment: inout Segment, _ own: Int, _ nanosecondsSinceLast: Int64
  ) {
    let peer = 1 - own
    let last = history.ends[own].states.count - 1
    guard last >= 0, let arrival = presumedArrival(own, last), arrival != .reset,
      core.ends[own].state != .closed,
      core.ends[peer].knows.contains(.acknowledged),
      segment.sequence <= core.ends[peer].acknowledged,
      let mark = history.milestones[history.ends[own].states[last].milestone],
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
    guard let fin = history.milestones[history.ends[own].fin],
      core.traits.contains(.isIrregular), irregularities[own].repeats.latest > 0
    else { return false }
    let repeats = irregularities[own].repeats
    let silence = mark.time.nanoseconds(since: fin.time) / 1_000_000 - Int64(repeats.latest)
    let due = 2 * Int64(repeats.interval)
    let longest = Self.reordering / 1_000_000
    return silence > (repeats.backOff ? due + due / 10 : max(longest, due))
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
      let mark = history.milestones[history.ends[own].states[last].milestone]
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
    guard evidence == .sent || evidence == .presumed && presumedArrival(own, last) == nil,
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
    let beyond = segment.acknowledgment - history.closing.resetSequence
    let followsFIN =
      core.ends[1 - own].knows.contains(.fin)
      && history.closing.resetSequence == history.ends[1 - own].finSequence
    return beyond > (followsFIN ? 1 : 0)
  }

  /// An end answered the SYN-ACK by a RST without ACK, so it never was in ESTABLISHED.
  ///
  /// So does who has no connection (RFC 9293 §3.10.7.1): it had given up, or the SYN was an old one.
  private func withdrawPresumedHandshake(_ end: Int, at now: Timestamp) {
    guard core.ends[end].state == .established, let last = history.ends[end].states.last,
      last.isPresumed
    else { return }
    if history.handshake.traits.contains(.bothSentSYN),
      let mark = history.milestones[last.milestone],
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
