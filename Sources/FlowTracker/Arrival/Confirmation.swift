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
      let index = UInt16.bitWidth - 1 - presumed.leadingZeroBitCount
      presumed &= ~(1 << UInt16(index))
      guard let arrival = presumedArrival(own, index), proves(&segment, own, arrival),
        arrival != .ackOfSYN || !mayHaveClosed(own, before: index),
        arrival != .fin || !hasClosedBefore(own, index)
      else { continue }
      confirm(own, through: index)
      return
    }
  }

  func confirm(_ own: Int, through index: Int) {
    var presumed = history.ends[own].states.presumed & (2 << UInt16(index) - 1)
    while presumed != 0 {
      let entry = presumed.trailingZeroBitCount
      presumed &= presumed - 1
      switch presumedArrival(own, entry) {
      // It may have had the SYN-ACK without the SYN before it.
      case .syn where !core.ends[own].knows.contains(.sentSYNACK): continue
      // It may have closed before that came.
      case .ackOfSYN where mayHaveClosed(own, before: entry): continue
      default: history.ends[own].states.confirm(entry)
      }
    }
    if history.ends[own].states.presumed == 0 { core.ends[own].knows.remove(.awaitsProof) }
  }

  /// Whether a segment is one that its sender sends only after the arrival.
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
      let onSYN = history.ends[peer].offer?.payload ?? 0
      if segment.acknowledgment > history.ends[peer].initialSequence + 1 + onSYN { return true }
      // An ACK of the SYN alone may be a challenge (RFC 5961 §4.2).
      if history.handshake.traits.contains(.dataAccepted) { return false }
      return segment.payloadLength > 0 || segment.flags.contains(.fin) && !mayCloseBeforeOpen
    case .fin, .finAndACKOfFIN:
      return acknowledgesFIN(of: peer, &segment)
    case .ackOfFIN:
      return segment.acknowledgment > history.ends[own].sentAfterACKOfFIN
    case .reset:
      return false
    }
  }

  /// A Fast Open server sends data and FIN from SYN-RECEIVED (RFC 7413 §4.2.2), and who opened
  /// actively may close there (RFC 9293 §3.10.4).
  private var mayCloseBeforeOpen: Bool {
    !history.handshake.traits.isDisjoint(with: [.dataAccepted, .bothSentSYN])
  }

  /// An end may have sent its FIN before the handshake was complete.
  private func mayHaveClosed(_ own: Int, before index: Int) -> Bool {
    guard let fin = frameMark(history.ends[own].fin) else { return false }
    let mark = frameMark(history.ends[own].states[index].milestone)
    return mayCloseBeforeOpen || fin.frame < mark?.frame ?? 0
  }

  /// An end has sent a FIN, although it is presumed to be in CLOSE-WAIT: it was in another state
  /// when the FIN reached it.
  private func hasClosedBefore(_ own: Int, _ index: Int) -> Bool {
    let states = history.ends[own].states
    guard states[index].state == .closeWait, core.ends[own].knows.contains(.fin) else {
      return false
    }
    return index + 1 == states.count || states[index + 1].state != .lastACK
  }

  private func acknowledgesSYN(of end: Int, _ number: SequenceNumber) -> Bool {
    core.ends[end].knows.contains(.initialSequence)
      && number > history.ends[end].initialSequence
  }

  /// Whether a segment acknowledges the FIN of an end, and its sender has sent no FIN unseen.
  func acknowledgesFIN(of end: Int, _ segment: inout Segment) -> Bool {
    core.ends[end].knows.contains(.fin) && segment.acknowledgment > history.ends[end].finSequence
      && segment.sequence <= core.ends[1 - end].next && !core.ends[1 - end].knows.contains(.holes)
  }

  /// Whoever answers by a RST of an end without connection (RFC 9293 §3.10.7.1) has none any more.
  func confirmClosed(_ own: Int) {
    let last = history.ends[own].states.count - 1
    guard core.ends[own].state == .closed, last >= 0, presumedArrival(own, last) != nil else {
      return
    }
    history.ends[own].states.confirm(last)
  }

  /// Confirms that the acknowledgment of a FIN arrived, if the FIN was not repeated for long enough.
  ///
  /// Where one was lost already, silence may as well mean that the end has given up.
  func confirmBySilence(until now: Timestamp) {
    for end in 0..<2 where core.ends[end].knows.contains(.awaitsProof) {
      guard core.ends[end].knows.contains(.hasSent), history.ends[end].losses == 0,
        let fin = frameMark(history.ends[end].fin)
      else { continue }
      let last = history.ends[end].states.count - 1
      guard last >= 0, presumedArrival(end, last) == .ackOfFIN,
        let mark = frameMark(history.ends[end].states[last].milestone)
      else { continue }
      // A timer that was backed off doubles each time (RFC 6298 §5.5).
      let patience = max(Self.retransmissionTime, 2 &* mark.time.nanoseconds(since: fin.time))
      if now.nanoseconds(since: mark.time) >= patience { confirm(end, through: last) }
    }
  }
}
