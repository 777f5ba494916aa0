import PacketParser

// The observer's version of "SEGMENT ARRIVES" (RFC 9293 §3.10.7): a segment says something of its
// sender, which sent it, and something of the other end, which it reaches. The rule here is the
// plain one: what was seen has arrived.
extension LiveConnection {
  /// Takes in the next segment of the connection, which is `inout` for speed alone.
  @inline(__always)
  func take(_ segment: inout Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    count(&segment, own)
    if core.ends[own].isDuplicate(&segment) {
      history.ends[own].duplicateFrames &+= 1
      return .duplicateFrame
    }

    guard segment.flags.isDisjoint(with: [.syn, .fin, .rst]) else {
      return takeControl(segment, from: sender)
    }
    var facts = core.ends[own].place(&segment, &history.ends[own])
    facts.formUnion(noteWindow(segment.window, segment.flags, own))
    guard !facts.contains(.outsideWindow) else { return facts }
    if segment.flags.contains(.ack) {
      facts.formUnion(noteAcknowledgment(segment.acknowledgment, own))
    }
    if core.ends[0].state != .established || core.ends[1].state != .established {
      advance(segment, from: sender)
    } else if core.ends[own].knows.contains(.fin) || core.ends[1 - own].knows.contains(.fin) {
      advance(segment, from: sender)
    }
    return facts
  }

  @inline(never)
  private func takeControl(_ segment: Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    if segment.flags.contains(.rst) { return takeReset(segment, from: sender) }
    if segment.flags.contains(.syn) { return takeSYN(segment, from: sender) }

    var segment = segment
    var facts = core.ends[own].place(&segment, &history.ends[own])
    facts.formUnion(noteWindow(segment.window, segment.flags, own))
    guard !facts.contains(.outsideWindow) else { return facts }
    if segment.flags.contains(.ack) {
      facts.formUnion(noteAcknowledgment(segment.acknowledgment, own))
    }
    advance(segment, from: sender)
    return facts
  }

  @inline(__always)
  private func count(_ segment: inout Segment, _ own: Int) {
    core.ends[own].packets &+= 1
    core.ends[own].bytes &+= UInt64(segment.packetLength)
    core.ends[own].payload &+= UInt64(segment.payloadLength)
    core.ends[own].flagsSeen.formUnion(segment.flags)
    core.last = FrameMark(segment)
    if segment.payloadLength > 0 { core.traits.insert(.sawPayload) }
    if segment.flags.contains(.syn) {
      core.traits.insert(segment.flags.contains(.ack) ? .sawSYNACK : .sawSYN)
    } else if segment.flags.contains(.ack), segment.payloadLength == 0 {
      core.traits.insert(.sawBareACK)
    }
  }

  @inline(__always)
  private func noteWindow(_ field: UInt16, _ flags: TCPFlags, _ own: Int) -> SegmentFacts {
    // RFC 7323 §2.2: the window in a SYN or SYN-ACK is never scaled.
    let shift = flags.contains(.syn) ? 0 : core.ends[own].windowShift
    let window = UInt32(field) &<< UInt32(shift)
    core.ends[own].window = window
    core.ends[own].knows.insert(.window)
    if window > core.ends[own].windowMaximum { core.ends[own].windowMaximum = window }
    guard window == 0, flags.isDisjoint(with: [.syn, .fin, .rst]) else { return [] }
    history.ends[own].zeroWindows &+= 1
    return .zeroWindow
  }

  /// What the acknowledgment number says of the peer's bytes.
  @inline(__always)
  private func noteAcknowledgment(_ number: SequenceNumber, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    guard !core.ends[own].knows.contains(.acknowledged) || number > core.ends[own].acknowledged else {
      return []
    }
    if core.ends[peer].packets == 0 || !core.ends[peer].knows.contains(.next) {
      // Only one direction is captured, or the other has not spoken yet.
      core.ends[peer].next = number
      core.ends[peer].contiguous = number
      core.ends[peer].knows.insert(.next)
    } else if number - core.ends[peer].next >= Endpoint.plausibleDistance {
      return .outsideWindow
    } else if core.ends[peer].learnAcknowledged(number, &history.ends[peer]) {
      core.ends[own].acknowledged = number
      core.ends[own].knows.insert(.acknowledged)
      return .acknowledgesUnseen
    }
    core.ends[own].acknowledged = number
    core.ends[own].knows.insert(.acknowledged)
    return []
  }

  // MARK: - States

  /// Moves both ends as a segment without SYN and RST makes them, whatever it carries.
  @inline(never)
  private func advance(_ segment: Segment, from sender: Side) {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)

    let acknowledges = segment.flags.contains(.ack)
    if core.ends[own].state == nil, core.ends[peer].state == nil {
      // Picked up mid-way: both ends must have been through the handshake before. A segment without
      // ACK says nothing of the kind: no synchronized end sends one (RFC 9293 §3.10.7.4), scans do.
      guard acknowledges else { return }
      enter(.established, own, mark, .implied)
      enter(.established, peer, mark, .implied)
      core.stage = .open
    }
    if acknowledges { proveAcknowledgment(segment, own, mark) }
    if segment.flags.contains(.fin) { sendFIN(segment, own, mark) }

    // What reaches the other end.
    let acknowledgesSYN =
      acknowledges && core.ends[peer].knows.contains(.initialSequence)
      && !core.ends[peer].knows.contains(.synAcknowledged)
      && segment.acknowledgment > core.ends[peer].initialSequence
    if acknowledgesSYN {
      core.ends[peer].knows.insert(.synAcknowledged)
      if sender == .client, history.handshake.synACK != nil {
        history.handshake.ack = history.handshake.ack ?? mark
      }
      if sender == .server, history.handshake.traits.contains(.bothSentSYN),
        core.ends[own].knows.contains(.synAcknowledged)
      {
        history.handshake.traits.insert(.split)
      }
    }
    let acknowledgesFIN =
      acknowledges && core.ends[peer].knows.contains(.fin)
      && !core.ends[peer].knows.contains(.finAcknowledged)
      && segment.acknowledgment > core.ends[peer].finSequence
    if acknowledgesFIN { core.ends[peer].knows.insert(.finAcknowledged) }
    let finArrives = core.ends[own].finIsInSequence && !core.ends[own].knows.contains(.finDelivered)
    if finArrives { core.ends[own].knows.insert(.finDelivered) }

    if finArrives {
      move(peer, acknowledgesFIN ? .receivesFINAndACKOfFIN : .receivesFIN, mark, .presumed)
    } else if acknowledgesFIN {
      move(peer, .receivesACKOfFIN, mark, .presumed)
    } else if acknowledgesSYN {
      move(peer, .receivesACKOfSYN, mark, .presumed)
    }
    noteProgress()
  }

  /// What an acknowledgment proves of its sender: that it has what it acknowledges.
  private func proveAcknowledgment(
    _ segment: Segment, _ own: Int, _ mark: FrameMark
  ) {
    let peer = 1 - own
    if core.ends[own].state == .synSent {
      // It has had a SYN-ACK that the capture did not see.
      move(own, .receivesSYNACK, mark, .sent)
      history.handshake.traits.insert(.complete)
      if core.ends[peer].state == nil { enter(.established, peer, mark, .implied) }
    } else if core.ends[own].state == .synReceived,
      core.ends[peer].knows.contains(.initialSequence),
      segment.acknowledgment
        > core.ends[peer].initialSequence + 1 + (history.ends[peer].offer?.payload ?? 0)
    {
      // It acknowledges more than the SYN brought, so the handshake was over; of the other direction
      // nothing was captured that says so.
      move(own, .receivesACKOfSYN, mark, .sent)
      history.handshake.traits.insert(.complete)
    }
    if core.ends[peer].knows.contains(.fin), !core.ends[peer].knows.contains(.finDelivered),
      segment.acknowledgment > core.ends[peer].finSequence
    {
      core.ends[peer].knows.insert(.finDelivered)
      move(own, .receivesFIN, mark, .confirmed)
    }
  }

  private func sendFIN(_ segment: Segment, _ own: Int, _ mark: FrameMark) {
    guard !core.ends[own].knows.contains(.fin) else { return }
    let peer = 1 - own
    core.ends[own].knows.insert(.fin)
    core.ends[own].finSequence = segment.sequence + segment.payloadLength
    history.ends[own].fin = mark
    if history.closing.first == nil { history.closing.first = own == 0 ? .client : .server }

    // A FIN that does not acknowledge the other FIN was sent before that one arrived: what was seen
    // on its way there did not move its receiver yet (RFC 9293 §3.6, figure 13).
    let crossed =
      core.ends[peer].knows.contains(.fin) && segment.flags.contains(.ack)
      && segment.acknowledgment <= core.ends[peer].finSequence
    if crossed {
      history.closing.isSimultaneous = true
      if core.ends[own].state == .closeWait { withdraw(own) }
    }
    move(own, .sendsFIN, mark, .sent)
    if crossed, core.ends[peer].knows.contains(.finDelivered) { move(own, .receivesFIN, mark, .presumed) }
    if core.ends[peer].knows.contains(.acknowledged),
      core.ends[peer].acknowledged > core.ends[own].finSequence
    {
      // Its acknowledgment stands before it in the file, as it may where a capture has several
      // queues.
      core.ends[own].knows.insert(.finAcknowledged)
      move(own, .receivesACKOfFIN, mark, .presumed)
    }
  }

  /// Keeps the summary of the handshake, the close and the stage in step with both ends.
  private func noteProgress() {
    let client = core.ends[0].knows
    let server = core.ends[1].knows
    if server.contains(.synAcknowledged), client.contains(.synAcknowledged) {
      history.handshake.traits.insert(.complete)
    }
    guard history.closing.reset == nil else { return }
    if client.contains(.finAcknowledged), server.contains(.finAcknowledged) {
      history.closing.isComplete = true
      core.stage = .closed
    } else if client.contains(.fin), server.contains(.fin) {
      core.stage = .closing
    } else if history.handshake.traits.contains(.complete) {
      core.stage = .open
    }
  }

  // MARK: - SYN

  private func takeSYN(_ segment: Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let mark = FrameMark(segment)
    var facts: SegmentFacts = []
    let isNewAttempt =
      !segment.flags.contains(.ack) && core.ends[own].knows.contains(.initialSequence)
      && segment.sequence != core.ends[own].initialSequence
    if isNewAttempt {
      // The first one is unanswered (the table has seen to that): the same end tries again.
      facts.insert(.changesInitialSequence)
      core.ends[own].knows.subtract([.next, .initialSequence, .synAcknowledged])
      history.handshake.syn = nil
    }
    var segment = segment
    facts.formUnion(core.ends[own].place(&segment, &history.ends[own]))
    facts.formUnion(noteWindow(segment.window, segment.flags, own))
    guard !facts.contains(.outsideWindow) else { return facts }
    if !core.ends[own].knows.contains(.initialSequence) {
      core.ends[own].initialSequence = segment.sequence
      core.ends[own].knows.insert(.initialSequence)
      history.ends[own].offer = HandshakeOffer(segment)
    } else if history.ends[own].offer == nil, segment.sequence == core.ends[own].initialSequence {
      // Its answer stands before it in the file.
      history.ends[own].offer = HandshakeOffer(segment)
      agreeOnWindowScale()
    }
    if segment.flags.contains(.ack) {
      answer(segment, own, mark)
    } else {
      open(segment, own, mark)
    }
    return facts
  }

  /// A SYN without ACK.
  private func open(_ segment: Segment, _ own: Int, _ mark: FrameMark) {
    let peer = 1 - own
    if history.closing.reset != nil, !history.closing.isComplete,
      !history.handshake.traits.contains(.complete)
    {
      // Refused before, and tried again with the same number.
      history.closing.reset = nil
      history.handshake = Handshake()
      core.stage = .opening
      core.ends[own].knows.remove(.synAcknowledged)
      forgetNumbers(of: peer)
    }
    if history.handshake.synACK == nil { history.handshake.lastSYN = mark }
    if history.handshake.syn == nil { history.handshake.syn = mark }
    if core.ends[own].state == nil { core.ends[own].state = .closed }
    // A SYN that comes late, when all is over, opens nothing.
    guard core.ends[own].state == .closed, !history.handshake.traits.contains(.complete) else {
      return
    }
    move(own, .sendsSYN, mark, .sent)
    guard core.ends[peer].state == .synSent else { return }
    history.handshake.traits.insert(.bothSentSYN)
    move(peer, .receivesSYN, mark, .presumed)
  }

  /// A SYN-ACK.
  private func answer(_ segment: Segment, _ own: Int, _ mark: FrameMark) {
    let peer = 1 - own
    if !core.ends[peer].knows.contains(.next) {
      // Its SYN was not captured: the acknowledgment tells what it was.
      core.ends[peer].initialSequence = segment.acknowledgment + UInt32.max
      core.ends[peer].next = segment.acknowledgment
      core.ends[peer].contiguous = segment.acknowledgment
      core.ends[peer].knows.formUnion([.next, .initialSequence])
    }
    if core.ends[peer].state == nil { enter(.synSent, peer, mark, .implied) }

    let covered = segment.acknowledgment - core.ends[peer].initialSequence
    let isValid = covered > 0 && segment.acknowledgment <= core.ends[peer].next
    if core.ends[own].state == nil || core.ends[own].state == .closed {
      // Whoever answers a SYN was in LISTEN when it came.
      enter(.listen, own, history.handshake.syn ?? mark, .implied)
      core.ends[own].knows.insert(.openedPassively)
    }
    move(own, .sendsSYNACK, mark, .sent)
    guard isValid else { return }
    if history.handshake.synACK == nil { history.handshake.synACK = mark }
    if covered > 1, history.ends[peer].offer?.payload ?? 0 > 0 {
      history.handshake.traits.insert(.dataAccepted)
    }
    core.ends[own].acknowledged = segment.acknowledgment
    core.ends[own].knows.insert(.acknowledged)
    core.ends[peer].knows.insert(.synAcknowledged)
    agreeOnWindowScale()
    if history.handshake.traits.contains(.bothSentSYN), core.ends[peer].state == .synSent {
      // The SYN that crossed its own arrives before this one does.
      move(peer, .receivesSYN, mark, .presumed)
    }
    move(peer, .receivesSYNACK, mark, .presumed)
    if history.handshake.traits.contains(.bothSentSYN) { noteProgress() }
  }

  /// Windows are scaled only when both SYNs offered it (RFC 7323 §2.2), by 14 bits at most (§2.3).
  private func agreeOnWindowScale() {
    guard let client = history.ends[0].offer, let server = history.ends[1].offer else { return }
    let both = client.present.contains(.windowScale) && server.present.contains(.windowScale)
    core.ends[0].windowShift = both ? min(client.windowScale, 14) : 0
    core.ends[1].windowShift = both ? min(server.windowScale, 14) : 0
    core.ends[0].knows.insert(.windowShift)
    core.ends[1].knows.insert(.windowShift)
  }

  // MARK: - RST

  private func takeReset(_ segment: Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)
    let verdict = judgeReset(segment, own)
    guard verdict == .acceptableReset, history.closing.reset == nil else { return verdict }
    if core.ends[own].state == .synSent, core.ends[peer].knows.contains(.openedPassively) {
      // It rejects a SYN-ACK that was meant for another SYN, and goes on waiting for its own
      // (RFC 9293 §3.10.7.3): only the peer goes back.
      move(peer, .receivesRSTAfterPassiveOpen, mark, .presumed)
      forgetNumbers(of: peer)
      return verdict
    }

    let isRefusal = core.ends[peer].state == .synSent && !core.ends[own].knows.contains(.initialSequence)
    if !history.handshake.traits.contains(.complete), history.handshake.syn != nil || history.handshake.synACK != nil {
      history.handshake.traits.insert(isRefusal ? .refused : .aborted)
    }
    if !segment.flags.contains(.ack), !core.ends[peer].knows.contains(.synAcknowledged) {
      withdrawPresumedHandshake(own)
    }
    if core.ends[own].state == nil, core.ends[peer].state != nil {
      // Nothing was listening there, already when the SYN came.
      enter(.closed, own, isRefusal ? history.handshake.syn ?? mark : mark, .implied)
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
  /// The next byte that the receiver expects lies between what it has acknowledged and what its peer
  /// has sent; every number in between is taken for exact.
  private func judgeReset(_ segment: Segment, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    if core.ends[peer].state == .synSent, !core.ends[own].knows.contains(.initialSequence) {
      let answersSYN =
        segment.flags.contains(.ack)
        && segment.acknowledgment > core.ends[peer].initialSequence
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
    if expected <= sequence, sequence <= core.ends[own].next || sequence == expected {
      return .acceptableReset
    }
    return sequence.isWithin(max(core.ends[peer].window, 1), from: expected)
      ? .inexactReset : .ignoredReset
  }

  // MARK: - Time

  /// Lets the timers of both ends run out that have done so by `now`.
  func runTimers(until now: Timestamp, _ limits: TrackerLimits) {
    let twoMSL = limits.nanoseconds(of: .closed)
    guard now.nanoseconds(since: core.last.time) >= twoMSL else { return }
    let mark = FrameMark(frame: 0, time: Timestamp(nanoseconds: core.last.time.nanoseconds &+ twoMSL))
    for end in 0..<2 { move(end, .timeWaitEnds, mark, .timer) }
  }

  // MARK: - Moving

  /// Follows the arrow that `event` draws, if there is one.
  private func move(
    _ end: Int, _ event: EndpointEvent, _ mark: FrameMark, _ evidence: Evidence
  ) {
    guard let next = core.ends[end].state?.next(on: event) else { return }
    enter(next, end, mark, evidence)
  }

  private func enter(
    _ state: EndpointState, _ end: Int, _ mark: FrameMark, _ evidence: Evidence
  ) {
    core.ends[end].state = state
    history.ends[end].timeline.append(
      Transition(to: state, frame: mark.frame, time: mark.time, evidence: evidence))
  }

  /// An end answered the SYN-ACK by a RST without ACK, as one does where there is no connection
  /// (RFC 9293 §3.10.7.1): it had given up, or the SYN was an old one. It never was in ESTABLISHED.
  private func withdrawPresumedHandshake(_ end: Int) {
    guard core.ends[end].state == .established,
      history.ends[end].timeline.last?.evidence == .presumed
    else { return }
    withdraw(end)
    // Nor was there a SYN that nobody saw.
    if history.ends[end].timeline.last?.evidence == .implied { withdraw(end) }
  }

  /// The end's next SYN will have other numbers than its last one.
  private func forgetNumbers(of end: Int) {
    core.ends[end].knows.subtract([.next, .initialSequence, .acknowledged, .synAcknowledged])
  }

  /// Takes the last transition of an end back.
  private func withdraw(_ end: Int) {
    history.ends[end].timeline.withdrawLast()
    core.ends[end].state = history.ends[end].timeline.last?.state
  }
}
