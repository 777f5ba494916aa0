import PacketParser

/// What was seen on its way to an endpoint when one of its transitions was presumed.
enum PresumedArrival: UInt8 {
  case syn = 1
  case synACK
  case ackOfSYN
  case fin
  case ackOfFIN
  case finAndACKOfFIN
  case reset

  /// What reaches an endpoint in an event; nothing does when it sends, or when a timer runs out.
  @inline(__always)
  init?(of event: EndpointEvent, in state: EndpointState) {
    switch event {
    case .receivesSYN: self = .syn
    // Where SYNs have crossed, it acknowledges the one that was answered already.
    case .receivesSYNACK: self = state == .synReceived ? .ackOfSYN : .synACK
    case .receivesACKOfSYN: self = .ackOfSYN
    case .receivesFIN: self = .fin
    case .receivesACKOfFIN: self = .ackOfFIN
    case .receivesFINAndACKOfFIN: self = .finAndACKOfFIN
    case .receivesRST, .receivesRSTAfterPassiveOpen: self = .reset
    case .sendsSYN, .sendsSYNACK, .sendsFIN, .sendsRST, .timeWaitEnds: return nil
    }
  }
}

// A segment towards an end only may have arrived. What that end then does can prove that it has:
// here is what only the state after it does. What only the state before it does is in
// Withdrawal.swift.
extension LiveConnection {
  /// How long an end must be silent after its FIN was acknowledged until that proves the arrival of
  /// the acknowledgment, in nanoseconds: otherwise it would have repeated the FIN.
  ///
  /// RFC 6298 starts with one second, and with three after a SYN was repeated (§5.7); what was
  /// measured since hardly makes it longer.
  private static let retransmissionTime: Int64 = 3_000_000_000

  /// What moved an end when it entered a state that is only presumed.
  @inline(__always)
  func presumedArrival(_ end: Int, _ index: Int) -> PresumedArrival? {
    history.ends[end].states[index].presumedArrival
  }

  /// Confirms what a segment proves of its sender.
  func confirm(_ segment: inout Segment, _ own: Int) {
    guard core.ends[own].knows.contains(.awaitsProof) else { return }
    var presumed = history.ends[own].states.presumed
    while presumed != 0 {
      // The latest of them first.
      let index = UInt16.bitWidth &- 1 &- presumed.leadingZeroBitCount
      presumed &= ~(1 &<< UInt16(index))
      guard let arrival = presumedArrival(own, index), proves(&segment, own, arrival),
        arrival != .fin || !hasClosedBefore(own, index) && !mayHaveHadACKFirst(own, index)
      else { continue }
      if presumed == 0, arrival != .syn {
        // As nearly always, there is nothing else.
        history.ends[own].states.confirm(index)
        if history.ends[own].states.presumed == 0 { core.ends[own].knows.remove(.awaitsProof) }
        return
      }
      confirm(own, through: index, isOpen: arrival == .ackOfSYN)
    }
  }

  /// Confirms a transition, and those before it that it could not be without.
  ///
  /// ESTABLISHED is none of these: who has closed before it went past it.
  func confirm(_ own: Int, through index: Int, isOpen: Bool = false) {
    var presumed = history.ends[own].states.presumed & (2 &<< UInt16(index) &- 1)
    while presumed != 0 {
      let entry = presumed.trailingZeroBitCount
      presumed &= presumed &- 1
      switch presumedArrival(own, entry) {
      // It may have had the SYN-ACK without the SYN before it.
      case .syn where !core.ends[own].knows.contains(.sentSYNACK): continue
      case .ackOfSYN where !isOpen: continue
      // Who sends a SYN again may have had the RST, or sends it again for want of an answer.
      case .reset where entry < index: continue
      case .fin where hasClosedBefore(own, entry) || mayHaveHadACKFirst(own, entry): continue
      case .ackOfFIN where entry < index && history.closing.isSimultaneous: return
      // What it sent may have come from another state, and then so does all that follows.
      case nil: return
      default: history.ends[own].states.confirm(entry)
      }
    }
    if history.ends[own].states.presumed == 0 { core.ends[own].knows.remove(.awaitsProof) }
  }

  /// Whether a segment is one that its sender sends only after the arrival.
  @inline(__always)
  private func proves(
    _ segment: inout Segment, _ own: Int, _ arrival: PresumedArrival
  ) -> Bool {
    let peer = 1 - own
    guard segment.flags.contains(.ack) else { return false }
    switch arrival {
    case .syn:
      // RFC 9293 §3.5: the SYN-ACK of SYN-RECEIVED.
      return segment.flags.contains(.syn) && acknowledgesSYN(of: peer, segment.acknowledgment)
    case .synACK:
      return !segment.flags.contains(.syn) && acknowledgesSYN(of: peer, segment.acknowledgment)
    case .ackOfSYN:
      guard segment.flags.isDisjoint(with: [.syn, .rst]),
        acknowledgesSYN(of: peer, segment.acknowledgment)
      else { return false }
      // SYN-RECEIVED keeps data until it is over (RFC 9293 §3.10.2), but for a Fast Open server.
      if segment.payloadLength > 0, !mayBeFastOpen { return true }
      // It sends a FIN where no data are due (§3.10.4), and answers by challenges (RFC 5961 §4.2).
      return acknowledgesMoreThanSYN(of: peer, segment.acknowledgment)
        && !core.ends[own].knows.contains(.fin) && segment.sequenceLength == 0
        && segment.sequence == core.ends[own].next && !hasSentUnseen(own)
    case .fin, .finAndACKOfFIN:
      return acknowledgesFIN(of: peer, &segment)
    case .ackOfFIN:
      return segment.acknowledgment > history.ends[own].sentAfterACKOfFIN
    case .reset:
      return false
    }
  }

  /// Whether the server may have sent data in SYN-RECEIVED (RFC 7413 §3); only the SYN shows it.
  @inline(__always)
  var mayBeFastOpen: Bool {
    history.handshake.traits.contains(.dataAccepted) || history.handshake.syn == .none
  }

  /// An end has sent a FIN, although it is presumed to be in CLOSE-WAIT: it was, or may have been, in
  /// another state when the FIN reached it.
  private func hasClosedBefore(_ own: Int, _ index: Int) -> Bool {
    guard core.ends[own].knows.contains(.fin), history.ends[own].states[index].state == .closeWait
    else { return false }
    guard index + 1 < history.ends[own].states.count,
      history.ends[own].states[index + 1].state == .lastACK
    else { return true }
    return history.ends[own].states[index + 1].isPresumed
  }

  /// Where FINs have crossed, the other one and the acknowledgment of its own may reach an end in
  /// either order: by CLOSING or by FIN-WAIT-2 to TIME-WAIT.
  ///
  /// What acknowledges the FIN tells which only as long as the other was not on its way.
  private func mayHaveHadACKFirst(_ own: Int, _ index: Int) -> Bool {
    guard history.closing.isSimultaneous else { return false }
    let states = history.ends[own].states
    switch states[index].state {
    case .closing: return core.ends[own].knows.contains(.finAcknowledged)
    case .timeWait: return isPresumedFINWait2(own, index - 1)
    default: return false
    }
  }

  /// Whether one of an end's transitions was that to FIN-WAIT-2, and only is presumed.
  func isPresumedFINWait2(_ own: Int, _ index: Int) -> Bool {
    guard index >= 0 else { return false }
    let entry = history.ends[own].states[index]
    return entry.state == .finWait2 && entry.isPresumed
  }

  /// Whether a number is beyond a SYN and the data on it.
  ///
  /// Where the SYN-ACK leaves these, they come again, and what acknowledges a part of them has had
  /// that; all of them, an earlier answer may have acknowledged that took them.
  func acknowledgesMoreThanSYN(of end: Int, _ number: SequenceNumber) -> Bool {
    let first = history.ends[end].initialSequence + 1
    let behindSYN = first + (history.ends[end].offer?.payload ?? 0)
    let areTaken = history.handshake.traits.contains(.dataAccepted)
    return number > behindSYN || !areTaken && number > first && number < behindSYN
  }

  private func acknowledgesSYN(of end: Int, _ number: SequenceNumber) -> Bool {
    core.ends[end].knows.contains(.initialSequence)
      && number > history.ends[end].initialSequence
  }

  /// Whether a segment acknowledges the FIN of an end, and nothing shows that its sender has sent a
  /// FIN unseen.
  func acknowledgesFIN(of end: Int, _ segment: inout Segment) -> Bool {
    core.ends[end].knows.contains(.fin) && segment.acknowledgment > history.ends[end].finSequence
      && segment.sequence <= core.ends[1 - end].next && !hasSentUnseen(1 - end)
      && !(segment.flags.contains(.fin) && repeatsUnseenFIN(&segment, 1 - end))
  }

  /// Whether an end has sent more than what was seen of it.
  private func hasSentUnseen(_ end: Int) -> Bool {
    core.ends[end].knows.contains(.holes) || hasPassed(core.ends[end].next + 1, end)
  }

  /// Whether the FIN of an end, seen for the first time, was sent before: another segment has had the
  /// number that follows it.
  func repeatsUnseenFIN(_ segment: inout Segment, _ own: Int) -> Bool {
    !core.ends[own].knows.contains(.fin) && hasPassed(segment.sequenceEnd, own)
  }

  /// Whether an empty segment of an end has shown that all below a number was sent (RFC 9293
  /// §3.10.7.4: an ACK has SND.NXT).
  private func hasPassed(_ number: SequenceNumber, _ end: Int) -> Bool {
    guard core.traits.contains(.needsCare), let passed = irregularities[end].passed else {
      return false
    }
    return (0..<EndpointPosition.plausibleDistance).contains(passed - number)
  }

  /// Whoever answers by a RST of an end without connection (RFC 9293 §3.10.7.1) has none any more.
  ///
  /// LISTEN answers so too (§3.10.7.2), to which a RST in SYN-RECEIVED leads back.
  func confirmClosed(_ own: Int) {
    let last = history.ends[own].states.count - 1
    guard core.ends[own].state == .closed, last >= 0, presumedArrival(own, last) != nil else {
      return
    }
    guard !mayNeverHaveOpened(own) else { return }
    history.ends[own].states.confirm(last)
  }

  /// Whether an end that was opened passively is only presumed to have been in ESTABLISHED: as long as
  /// it has sent no FIN, it may be back in LISTEN.
  func mayNeverHaveOpened(_ own: Int) -> Bool {
    guard core.ends[own].knows.contains(.openedPassively),
      !core.ends[own].knows.contains(.fin)
    else { return false }
    let states = history.ends[own].states
    return (0..<states.count).contains { states[$0].presumedArrival == .ackOfSYN }
  }

  /// Confirms that the acknowledgment of a FIN arrived, if the FIN was not repeated for long enough.
  ///
  /// Where one was lost already, or where the end has not answered other bytes either, silence may as
  /// well mean that it has given up.
  func confirmBySilence(until now: Timestamp) {
    for end in 0..<2 where core.ends[end].knows.contains(.awaitsProof) {
      guard core.ends[end].knows.contains(.hasSent), history.ends[end].losses == 0,
        core.ends[1 - end].next <= core.ends[end].acknowledged,
        let fin = frameMark(history.ends[end].fin)
      else { continue }
      let last = history.ends[end].states.count - 1
      guard last >= 0, presumedArrival(end, last) == .ackOfFIN,
        let mark = frameMark(history.ends[end].states[last].milestone)
      else { continue }
      if core.traits.contains(.needsCare),
        mark.time.nanoseconds(since: fin.time) / 1_000_000
          < Int64(irregularities[end].repeats.latest)
      {
        // It was not silent.
        continue
      }
      // A timer that was backed off doubles each time (RFC 6298 §5.5).
      let patience = max(Self.retransmissionTime, 2 &* mark.time.nanoseconds(since: fin.time))
      if now.nanoseconds(since: mark.time) >= patience { confirm(end, through: last) }
    }
  }
}
