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
    if isBare { confirmClosed(own) } else { confirm(&segment, own) }
    let verdict = judgeReset(&segment, own)
    guard verdict == .acceptableReset else {
      if isBare, answersOldSegment(&segment, own) {
        noteReset(&segment, own)
        move(own, .sendsRST, mark, .sent)
      }
      return verdict
    }
    noteReset(&segment, own)
    guard history.closing.reset == .none else {
      takeLaterReset(mark, from: sender)
      return verdict
    }
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
      if !core.ends[peer].knows.contains(.synAcknowledged) { withdrawPresumedHandshake(own) }
      withdrawRefused(&segment, own, nanosecondsSinceLast)
    }
    if core.ends[own].state == nil, core.ends[peer].state != nil {
      // Nothing was listening there, already when the SYN came.
      enter(
        .closed, own, isRefusal ? frameMark(history.handshake.syn) ?? mark : mark, .implied
      )
    } else if core.ends[own].state == .synSent, core.ends[peer].knows.contains(.openedPassively) {
      // It refuses the answer to its own SYN: it has given up, or a raw socket has sent it.
      enter(.closed, own, mark, .sent)
    } else {
      // A lone RST comes from LISTEN just as from CLOSED (RFC 9293 §3.10.7.2), and to LISTEN goes who
      // never was in ESTABLISHED.
      let mayListen =
        isBare && core.ends[own].knows.contains(.openedPassively)
        && !core.ends[own].knows.contains(.fin) && history.ends[own].states.last?.isPresumed == true
      move(own, .sendsRST, mark, mayListen ? .presumed : .sent)
    }
    let passive = core.ends[peer].knows.contains(.openedPassively)
    move(peer, passive ? .receivesRSTAfterPassiveOpen : .receivesRST, mark, .presumed)
    history.closing.reset = history.milestone(at: mark)
    history.closing.resetBy = sender
    if core.ends[0].state != nil || core.ends[1].state != nil { core.stage = .closed }
    return verdict
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
      let isNear =
        distance < EndpointPosition.plausibleDistance
        && distance > -EndpointPosition.plausibleDistance
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
      return sequence.isWithin(max(core.traffic[peer].window, 1), from: next)
        ? .inexactReset : .ignoredReset
    }
    if expected <= sequence, sequence <= contiguous(own) || sequence == expected {
      return .acceptableReset
    }
    // Linux takes any RST in the window of a request that has no socket yet (tcp_check_req).
    let isRequest =
      core.ends[peer].state == .synReceived && core.ends[peer].knows.contains(.openedPassively)
      && !history.handshake.traits.contains(.dataAccepted)
    if isRequest, sequence.isWithin(core.traffic[peer].window, from: expected) {
      return .acceptableReset
    }
    return sequence.isWithin(max(core.traffic[peer].window, 1), from: expected)
      ? .inexactReset : .ignoredReset
  }

  /// The capture was taken this near to an end, in nanoseconds there and back: whatever it shows on
  /// its way there has arrived before anything else happens.
  private static let nearby: Int64 = 100_000

  /// How long after a RST new bytes may have left before it, in nanoseconds: a sender has waited
  /// less until it repeats them (RFC 6298 §2.1, §5.7).
  private static let reordering: Int64 = 3_000_000_000
  /// After ABORT none may at all; less than people notice is left to inaccurate stacks.
  private static let reorderingAfterAbort: Int64 = 200_000_000

  /// The next byte that a synchronized end expects, where the capture was taken at that end.
  private func receiveNext(of end: Int) -> SequenceNumber? {
    guard core.ends[end].state?.isSynchronized == true,
      let roundTrip = measuredRoundTrip(to: end), roundTrip < Self.nearby
    else { return nil }
    let seen = contiguous(1 - end)
    let acknowledged = core.ends[end].acknowledged
    // What lies beyond the window is dropped (RFC 9293 §3.10.7.4, first).
    let edge = acknowledged + core.traffic[end].window
    guard seen > acknowledged else { return acknowledged }
    return seen < edge ? seen : edge
  }

  /// The RST of an end without connection has the ACK number of what it answers (RFC 9293
  /// §3.10.7.1): its number is one that the peer has passed.
  ///
  /// Its receiver ignores it, and yet its sender has no connection any more. (SYN-SENT and
  /// SYN-RECEIVED reject a bad ACK so too, and stay.)
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
  private func takeLaterReset(_ mark: FrameMark, from sender: Side) {
    let own = Int(sender.rawValue)
    if core.ends[own].state?.isSynchronized == true { move(own, .sendsRST, mark, .sent) }
    guard core.ends[1 - own].state?.isSynchronized == true else { return }
    move(1 - own, .receivesRST, mark, .presumed)
    history.closing.reset = history.milestone(at: mark)
    history.closing.resetBy = sender
    core.stage = .closed
  }

  /// An end answered by a RST of an end without connection what was to move it: it was gone before.
  ///
  /// Data after close() draw such a RST too, but only after their ACK was taken in (RFC 9293 §3.6.1).
  private func withdrawRefused(
    _ segment: inout Segment, _ own: Int, _ nanosecondsSinceLast: Int64
  ) {
    let peer = 1 - own
    let last = history.ends[own].states.count - 1
    guard last >= 0, let arrival = presumedArrival(own, last), arrival != .reset,
      core.ends[own].state != .closed,
      core.ends[peer].knows.contains(.acknowledged),
      segment.sequence == core.ends[peer].acknowledged,
      let mark = frameMark(history.ends[own].states[last].milestone),
      // Copies of it may lie between.
      segment.time.nanoseconds(since: mark.time) - nanosecondsSinceLast < Self.nearby
    else { return }
    let acknowledgesFIN = arrival == .ackOfFIN || arrival == .finAndACKOfFIN
    let hasData = history.ends[own].ackOfFINHasData
    let hasMore = core.ends[peer].next != history.ends[own].sentAfterACKOfFIN
    if arrival == .ackOfFIN, hasData || hasMore { return }
    withdraw(own, from: last)
    if acknowledgesFIN, hasData { move(own, .receivesACKOfFIN, mark, .presumed) }
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
  private func withdrawPresumedHandshake(_ end: Int) {
    guard core.ends[end].state == .established,
      history.ends[end].states.last?.evidence == .presumed
    else { return }
    withdraw(end)
    // Nor was there a SYN that nobody saw.
    if history.ends[end].states.last?.evidence == .implied { withdraw(end) }
  }
}
