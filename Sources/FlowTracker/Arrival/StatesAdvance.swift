import PacketParser

// How a segment without SYN and RST moves both ends: what it proves of its sender, and what reaches
// the other end (RFC 9293 §3.10.7.4, fifth and eighth step).
extension LiveConnection {
  /// Moves both ends as a segment without SYN and RST makes them, whatever it carries.
  @inline(never)
  func advance(_ segment: inout Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)

    let acknowledges = segment.flags.contains(.ack)
    if core.ends[own].state == nil, core.ends[peer].state == nil {
      // Picked up mid-way: both ends must have been through the handshake before. A segment without
      // ACK says nothing of the kind: no synchronized end sends one (RFC 9293 §3.10.7.4), scans do.
      guard acknowledges else { return [] }
      history.closing.reset = .none  // A RST before it ended something else.
      enter(.established, own, mark, .implied)
      enter(.established, peer, mark, .implied)
      core.stage = .open
    }
    var facts: SegmentFacts = []
    if core.ends[own].knows.contains(.awaitsProof) { facts = refute(by: &segment, own) }
    var reset: FrameMark?
    if core.ends[own].state == .closed {
      if goesOnAfterOwnReset(&segment, own) { facts.insert(.payloadAfterOwnReset) }
      facts.formUnion(refuteReset(by: &segment, own))
      reset = suspendReset(own)
    }
    if core.ends[own].knows.contains(.awaitsProof) { confirm(&segment, own) }
    if acknowledges, mayProve(own) { proveAcknowledgment(&segment, own, mark) }
    if core.ends[own].knows.contains(.fin) {
      if segment.sequenceLength > 0 { noteRepeatAfterFIN(own, mark) }
    } else if segment.flags.contains(.fin) {
      sendFIN(&segment, own, mark)
    }
    if let reset { enter(.closed, own, reset, .presumed, .reset) }

    // What reaches the other end.
    let isTaken = acknowledges && isTaken(&segment, by: peer)
    let acknowledgesSYN =
      isTaken && core.ends[peer].knows.contains(.initialSequence)
      && !core.ends[peer].knows.contains(.synAcknowledged) && !isSplitting(own)
      && segment.acknowledgment > history.ends[peer].initialSequence
    if acknowledgesSYN {
      core.ends[peer].knows.insert(.synAcknowledged)
      if sender == .client, history.handshake.synACK != .none, history.handshake.ack == .none {
        history.handshake.ack = history.milestone(at: mark)
        if segment.sequenceLength > 0 { history.handshake.traits.insert(.completedByData) }
      }
      if sender == .server, history.handshake.traits.contains(.bothSentSYN),
        core.ends[own].knows.contains(.synAcknowledged)
      {
        history.handshake.traits.insert(.split)
      }
    }
    let acknowledgesFIN =
      isTaken && core.ends[peer].knows.contains(.fin)
      && !core.ends[peer].knows.contains(.finAcknowledged)
      && segment.acknowledgment > history.ends[peer].finSequence
    if core.ends[peer].knows.contains(.finAcknowledged), segment.payloadLength > 0 {
      history.ends[peer].ackOfFINHasData = true
    }
    if acknowledgesFIN {
      core.ends[peer].knows.insert(.finAcknowledged)
      // Bytes in it may be repeated, and have arrived before it.
      let isNew = segment.sequenceEnd == core.ends[own].next && segment.payloadLength == 0
      history.ends[peer].ackOfFINHasData = segment.payloadLength > 0
      history.ends[peer].sentAfterACKOfFIN = isNew ? segment.sequence : core.ends[own].next
    }
    let finArrives = isOnItsWay(finOf: own) && finArrives(with: &segment, own)
    if finArrives {
      core.ends[own].knows.insert(.finDelivered)
      core.ends[own].knows.remove(.lostFIN)
    }

    if finArrives {
      move(peer, acknowledgesFIN ? .receivesFINAndACKOfFIN : .receivesFIN, mark, .presumed)
    } else if acknowledgesFIN {
      move(peer, .receivesACKOfFIN, mark, .presumed)
    } else if acknowledgesSYN {
      move(peer, .receivesACKOfSYN, mark, .presumed)
    }
    noteProgress()
    return facts
  }

  /// A server that answers the SYN by a bare ACK, to send a SYN of its own after it, moves nothing by
  /// that: SYN-SENT takes no ACK without SYN (RFC 9293 §3.10.7.3).
  private func isSplitting(_ own: Int) -> Bool {
    core.ends[1 - own].state == .synSent && core.ends[own].state == nil
  }

  /// Whether the acknowledgment on a segment is looked at by the end it reaches.
  ///
  /// It is dropped with a segment all of which is old, or beyond the window (RFC 9293 §3.10.7.4,
  /// first); one that ends where the last ACK stood passes in Linux (tcp_sequence).
  @inline(__always)
  private func isTaken(_ segment: inout Segment, by end: Int) -> Bool {
    guard core.ends[end].knows.contains(.acknowledged) else { return true }
    return segment.sequenceEnd >= core.ends[end].acknowledged
      && !isBeyondWindow(segment.sequence, of: end)
  }

  /// Whether there is anything that an acknowledgment could prove of its sender.
  @inline(__always)
  private func mayProve(_ own: Int) -> Bool {
    let state = core.ends[own].state
    return state == .synSent || state == .synReceived || isOnItsWay(finOf: 1 - own)
  }

  /// A FIN was sent, and nothing has shown yet that it arrived.
  @inline(__always)
  private func isOnItsWay(finOf end: Int) -> Bool {
    core.ends[end].knows.contains(.fin) && !core.ends[end].knows.contains(.finDelivered)
  }

  /// What an acknowledgment proves of its sender: that it has what it acknowledges.
  private func proveAcknowledgment(
    _ segment: inout Segment, _ own: Int, _ mark: FrameMark
  ) {
    let peer = 1 - own
    if core.ends[own].state == .synSent {
      // It has had a SYN-ACK that the capture did not see; or, where SYNs have crossed, only the SYN.
      let hasSYN =
        history.handshake.traits.contains(.bothSentSYN)
        && !core.ends[peer].knows.contains(.sentSYNACK)
      move(own, hasSYN ? .receivesSYN : .receivesSYNACK, mark, hasSYN ? .presumed : .sent)
      if !hasSYN { history.handshake.traits.insert(.complete) }
      if core.ends[peer].state == nil { enter(.established, peer, mark, .implied) }
    } else if core.ends[own].state == .synReceived,
      // What has a number before its SYN belongs to an older connection.
      segment.sequence > history.ends[own].initialSequence,
      core.ends[peer].knows.contains(.initialSequence),
      acknowledgesMoreThanSYN(of: peer, segment.acknowledgment)
    {
      // It acknowledges more than the SYN brought, so the handshake was over; of the other direction
      // nothing was captured that says so.
      move(own, .receivesACKOfSYN, mark, .sent)
      history.handshake.traits.insert(.complete)
    }
    if isOnItsWay(finOf: peer), segment.acknowledgment > history.ends[peer].finSequence {
      core.ends[peer].knows.insert(.finDelivered)
      core.ends[peer].knows.remove(.lostFIN)
      // The FIN, or what brought it at last, also acknowledges its own one if anything did.
      let hasACKOfFIN =
        core.ends[own].knows.contains(.fin) && core.ends[peer].knows.contains(.acknowledged)
        && core.ends[peer].acknowledged > history.ends[own].finSequence
      if hasACKOfFIN { core.ends[own].knows.insert(.finAcknowledged) }
      let mayBeClosing =
        history.closing.isSimultaneous
        && isPresumedFINWait2(own, history.ends[own].states.count - 1)
      let isProof = acknowledgesFIN(of: peer, &segment) && !mayBeClosing
      move(
        own,
        hasACKOfFIN && core.ends[own].state == .finWait1 ? .receivesFINAndACKOfFIN : .receivesFIN,
        mark, isProof ? .confirmed : .presumed)
    }
  }

  /// Takes back that a RST has closed an end as long as it is not sure to have arrived there: what the
  /// end sends comes before that.
  ///
  /// - Returns: The frame of the RST, which still is on its way.
  private func suspendReset(_ own: Int) -> FrameMark? {
    let last = history.ends[own].states.count - 1
    guard core.ends[own].state == .closed, last > 0, presumedArrival(own, last) == .reset else {
      return nil
    }
    let mark = frameMark(history.ends[own].states[last].milestone)
    withdraw(own)
    return mark
  }

  /// The FIN that is on its way reaches the peer, by itself or by what was missing before it.
  private func finArrives(with segment: inout Segment, _ own: Int) -> Bool {
    guard contiguous(own) > history.ends[own].finSequence,
      !isBeyondWindow(history.ends[own].finSequence, of: 1 - own)
    else { return false }
    // Behind a RST it may find the connection closed: its acknowledgment will tell.
    let last = history.ends[1 - own].states.count - 1
    if last >= 0, presumedArrival(1 - own, last) == .reset { return false }
    if core.ends[1 - own].state == .synSent {
      // SYN-SENT takes no FIN (RFC 9293 §3.10.7.3).
      core.ends[own].knows.insert(.lostFIN)
      return false
    }
    return segment.flags.contains(.fin) || !core.ends[own].knows.contains(.lostFIN)
  }

  /// The first FIN of an end.
  private func sendFIN(_ segment: inout Segment, _ own: Int, _ mark: FrameMark) {
    let peer = 1 - own
    let isRepeat = repeatsUnseenFIN(&segment, own)
    core.ends[own].knows.insert(.fin)
    history.ends[own].finSequence = segment.sequence + segment.payloadLength
    history.ends[own].fin = history.milestone(at: mark)
    if history.closing.first == nil { history.closing.first = own == 0 ? .client : .server }

    // A FIN that does not acknowledge the other FIN was sent before that one arrived: what was seen
    // on its way there did not move its receiver yet (RFC 9293 §3.6, figure 13).
    let crossed =
      core.ends[peer].knows.contains(.fin) && segment.flags.contains(.ack)
      && segment.acknowledgment <= history.ends[peer].finSequence
    if crossed {
      history.closing.isSimultaneous = true
      if core.ends[own].state == .closeWait { withdraw(own) }
    }
    // CLOSING repeats a FIN that LAST-ACK would have sent first (RFC 9293 §3.10.8).
    move(own, .sendsFIN, mark, isRepeat && core.ends[own].state == .closeWait ? .presumed : .sent)
    if crossed, core.ends[peer].knows.contains(.finDelivered) {
      move(own, .receivesFIN, mark, .presumed)
    }
    if core.ends[peer].knows.contains(.acknowledged),
      core.ends[peer].acknowledged > history.ends[own].finSequence
    {
      // Its acknowledgment stands before it in the file, as it may where a capture has several
      // queues.
      core.ends[own].knows.insert(.finAcknowledged)
      history.ends[own].sentAfterACKOfFIN = core.ends[peer].next
      move(own, .receivesACKOfFIN, mark, .presumed)
    }
  }

  /// After its FIN an end sends nothing but repeats.
  private func noteRepeatAfterFIN(_ own: Int, _ mark: FrameMark) {
    guard let fin = frameMark(history.ends[own].fin) else { return }
    let milliseconds = mark.time.nanoseconds(since: fin.time) / 1_000_000
    irregularities[own].repeats.note(UInt32(clamping: milliseconds))
  }

  /// Keeps the summary of the handshake, the close and the stage in step with both ends.
  @inline(__always)
  func noteProgress() {
    let client = core.ends[0].knows
    let server = core.ends[1].knows
    if server.contains(.synAcknowledged), client.contains(.synAcknowledged) {
      history.handshake.traits.insert(.complete)
    }
    guard history.closing.reset == .none else { return }
    if client.contains(.finAcknowledged), server.contains(.finAcknowledged) {
      history.closing.isComplete = true
      core.stage = .closed
    } else if client.contains(.fin), server.contains(.fin) {
      core.stage = .closing
    } else if history.handshake.traits.contains(.complete) {
      core.stage = .open
    }
  }
}
