import PacketParser

// The RST: whether it must be taken, and what it ends (RFC 9293 §3.10.7, RFC 5961 §3).
extension LiveConnection {
  func takeReset(_ segment: inout Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)
    let verdict = judgeReset(&segment, own)
    guard verdict == .acceptableReset, history.closing.reset == nil else { return verdict }
    if core.ends[own].state == .synSent, core.ends[peer].knows.contains(.openedPassively) {
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
    if !segment.flags.contains(.ack), !core.ends[peer].knows.contains(.synAcknowledged) {
      withdrawPresumedHandshake(own)
    }
    if core.ends[own].state == nil, core.ends[peer].state != nil {
      // Nothing was listening there, already when the SYN came.
      enter(
        .closed, own, isRefusal ? history.milestones[history.handshake.syn] ?? mark : mark, .implied
      )
    } else {
      move(own, .sendsRST, mark, .sent)
    }
    let passive = core.ends[peer].knows.contains(.openedPassively)
    move(peer, passive ? .receivesRSTAfterPassiveOpen : .receivesRST, mark, .presumed)
    history.closing.reset = mark
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
      let isNear = distance < Endpoint.plausibleDistance && distance > -Endpoint.plausibleDistance
      return isNear ? .acceptableReset : .ignoredReset
    }
    let expected = core.ends[peer].acknowledged
    if expected <= sequence, sequence <= contiguous(own) || sequence == expected {
      return .acceptableReset
    }
    return sequence.isWithin(max(core.ends[peer].window, 1), from: expected)
      ? .inexactReset : .ignoredReset
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
