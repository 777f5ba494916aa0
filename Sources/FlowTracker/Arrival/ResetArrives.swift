import PacketParser

// The RST: whether it must be taken, and what it ends (RFC 9293 §3.10.7, RFC 5961 §3).
extension LiveConnection {
  /// What comes later than this after a segment hardly answers it, in nanoseconds.
  private static let answerTime: Int64 = 1_000_000_000
  /// So long an acknowledgment may be put off, in nanoseconds (RFC 9293 §3.8.6.3).
  private static let acknowledgmentDelay: Int64 = 500_000_000

  func takeReset(
    _ segment: inout Segment, from sender: Side, nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)
    if isDiscarded(&segment, own) { return [] }
    if history.closing.reset != .none || core.traits.contains(.isIrregular) {
      irregularities[own].resets.note(at: segment.time)
    }
    let isBare = !segment.flags.contains(.ack)
    // ABORT sends SND.NXT (RFC 9293 §3.10.5).
    let isAbort = !isBare && segment.sequence == core.ends[own].next
    if isBare { confirmClosed(own) }
    if isAbort { confirm(&segment, own) }
    let verdict = judgeReset(&segment, own)
    if verdict == .inexactReset { noteProvocation(of: peer) }
    guard verdict.contains(.acceptableReset) else {
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
    if isBare, rejectsAcknowledgment(&segment, own) {
      if core.ends[own].state == .synSent {
        history.handshake.traits.insert(.rejectedOldACK)
      }
      return verdict
    }
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
      history.handshake.traits.insert(.rejectedAnswer)
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
        .closed, own, isRefusal ? frameMark(history.handshake.syn) ?? mark : mark, .implied
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
    history.traces[own].note(&segment)
    history.closing.isAnswer =
      isBare && nanosecondsSinceLast < Self.answerTime
      && core.ends[peer].knows.contains(.acknowledged)
      && segment.sequence == core.ends[peer].acknowledged && hasMoreToAnswer(own)
    let delay = Self.acknowledgmentDelay &+ (measuredRoundTrip(to: own) ?? 0)
    history.closing.unread = nanosecondsSinceLast < delay ? unreadBytes(&segment, own) : 0
    noteSilence(beforeResetOf: own, nanosecondsSinceLast)
    if core.ends[0].state != nil || core.ends[1].state != nil { core.stage = .closed }
    return verdict
  }

  /// How much payload of its peer an end had, or takes no more, that it had not acknowledged before its RST.
  ///
  /// It has what an abort acknowledges (RFC 9293 §3.4). Who has sent a FIN answers what comes for a closed program
  /// by a RST without ACK (§3.6.1).
  private func unreadBytes(_ segment: inout Segment, _ own: Int) -> UInt32 {
    let peer = core.ends[1 - own]
    guard core.ends[own].knows.contains(.acknowledged), peer.knows.contains(.next) else { return 0 }
    let hasFIN = peer.knows.contains(.fin)
    var end = hasFIN ? history.ends[1 - own].finSequence : peer.next
    if segment.flags.contains(.ack) {
      // What was not sent nobody has: the RST is not what it says it is.
      guard segment.acknowledgment <= (hasFIN ? end + 1 : end) else { return 0 }
      if segment.acknowledgment < end { end = segment.acknowledgment }
    } else if !core.ends[own].knows.contains(.fin) {
      return 0
    }
    return UInt32(max(0, end - core.ends[own].acknowledged))
  }

  /// Whether the peer has sent anything but the one segment that this end has acknowledged.
  private func hasMoreToAnswer(_ own: Int) -> Bool {
    let peer = 1 - own
    let copies = core.traits.contains(.isIrregular) ? toldIrregularities[peer].duplicateFrames : 0
    return core.traffic[peer].packets > 1 + UInt64(copies)
      || !core.ends[own].knows.contains(.acknowledged)
      || core.ends[own].acknowledged != core.ends[peer].next
  }

  /// How surely whoever sends a RST is in CLOSED after it.
  ///
  /// A lone RST comes from LISTEN just as from CLOSED (RFC 9293 §3.10.7.2), and to LISTEN goes who never
  /// was in ESTABLISHED and has sent no FIN.
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
      let answersOther = segment.flags.contains(.ack) ? SegmentFacts.refusesOtherSYN : []
      return answersSYN ? .acceptableReset : answersOther.union(.ignoredReset)
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
      if sequence == next || followsFIN { return takenReset(by: peer) }
      return sequence.isWithin(max(core.traffic[peer].window, 1), from: next)
        ? .inexactReset : .ignoredReset
    }
    if expected <= sequence, sequence <= contiguous(own) || sequence == expected {
      return takenReset(by: peer)
    }
    // Linux takes any RST in the window of a request that has no socket yet, its right edge included
    // (tcp_check_req, tcp_in_window).
    let isRequest =
      core.ends[peer].state == .synReceived && core.ends[peer].knows.contains(.openedPassively)
      && !history.handshake.traits.contains(.dataAccepted)
    if isRequest, sequence.isWithin(core.traffic[peer].window &+ 1, from: expected) {
      return .acceptableReset
    }
    return sequence.isWithin(max(core.traffic[peer].window, 1), from: expected)
      ? .inexactReset : .ignoredReset
  }

  private func takenReset(by end: Int) -> SegmentFacts {
    core.ends[end].state == .timeWait ? [.acceptableReset, .endsTimeWait] : .acceptableReset
  }

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

  /// Notes whether an end answers by a RST what its peer has sent after a long silence.
  private func noteSilence(beforeResetOf own: Int, _ nanosecondsSinceLast: Int64) {
    guard core.traits.contains(.isIrregular), nanosecondsSinceLast < Self.answerTime else { return }
    irregularities[1 - own].silence.noteReset(packets: core.traffic[own].packets)
  }

  private func noteReset(_ segment: inout Segment, _ own: Int) {
    history.closing.latestResetBy = own == 0 ? .client : .server
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
    if history.closing.resetBy != sender {
      history.closing.isAnswer = false
      history.closing.unread = 0
    }
    history.closing.reset = history.milestone(at: mark)
    history.closing.resetBy = sender
    core.stage = .closed
  }
}
