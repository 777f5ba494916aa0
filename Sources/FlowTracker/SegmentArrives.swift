import PacketParser

// The observer's version of "SEGMENT ARRIVES" (RFC 9293 §3.10.7): a segment says something of its
// sender, which sent it, and something of the other end, which it reaches. The rule here is the
// plain one: what was seen has arrived.
extension Connection {
  /// Takes in the next segment of the connection.
  @inline(__always)
  mutating func take(_ segment: Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    count(segment, own)
    if ends[own].isDuplicate(segment) {
      histories[own].duplicateFrames &+= 1
      return .duplicateFrame
    }

    guard segment.flags.isDisjoint(with: [.syn, .fin, .rst]) else {
      return takeControl(segment, from: sender)
    }
    var facts = ends[own].place(segment, &histories[own])
    facts.formUnion(noteWindow(segment, own))
    guard !facts.contains(.outsideWindow) else { return facts }
    if segment.flags.contains(.ack) { facts.formUnion(noteAcknowledgment(segment, own)) }
    if ends[0].state != .established || ends[1].state != .established {
      advance(segment, from: sender)
    } else if ends[own].knows.contains(.fin) || ends[1 - own].knows.contains(.fin) {
      advance(segment, from: sender)
    }
    return facts
  }

  @inline(never)
  private mutating func takeControl(_ segment: Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    if segment.flags.contains(.rst) { return takeReset(segment, from: sender) }
    if segment.flags.contains(.syn) { return takeSYN(segment, from: sender) }

    var facts = ends[own].place(segment, &histories[own])
    facts.formUnion(noteWindow(segment, own))
    guard !facts.contains(.outsideWindow) else { return facts }
    if segment.flags.contains(.ack) { facts.formUnion(noteAcknowledgment(segment, own)) }
    advance(segment, from: sender)
    return facts
  }

  @inline(__always)
  private mutating func count(_ segment: Segment, _ own: Int) {
    ends[own].packets &+= 1
    ends[own].bytes &+= UInt64(segment.packetLength)
    ends[own].payload &+= UInt64(segment.payloadLength)
    ends[own].flagsSeen.formUnion(segment.flags)
    last = FrameMark(segment)
    if segment.payloadLength > 0 { traits.insert(.sawPayload) }
    if segment.flags.contains(.syn) {
      traits.insert(segment.flags.contains(.ack) ? .sawSYNACK : .sawSYN)
    } else if segment.flags.contains(.ack), segment.payloadLength == 0 {
      traits.insert(.sawBareACK)
    }
  }

  @inline(__always)
  private mutating func noteWindow(_ segment: Segment, _ own: Int) -> SegmentFacts {
    // RFC 7323 §2.2: the window in a SYN or SYN-ACK is never scaled.
    let shift = segment.flags.contains(.syn) ? 0 : ends[own].windowShift
    let window = UInt32(segment.window) << UInt32(shift)
    ends[own].window = window
    ends[own].knows.insert(.window)
    if window > ends[own].windowMaximum { ends[own].windowMaximum = window }
    guard window == 0, segment.flags.isDisjoint(with: [.syn, .fin, .rst]) else { return [] }
    histories[own].zeroWindows &+= 1
    return .zeroWindow
  }

  /// What the acknowledgment number says of the peer's bytes.
  @inline(__always)
  private mutating func noteAcknowledgment(_ segment: Segment, _ own: Int) -> SegmentFacts {
    let number = segment.acknowledgment
    let peer = 1 - own
    guard !ends[own].knows.contains(.acknowledged) || number > ends[own].acknowledged else {
      return []
    }
    if ends[peer].packets == 0 || !ends[peer].knows.contains(.next) {
      // Only one direction is captured, or the other has not spoken yet.
      ends[peer].next = number
      ends[peer].contiguous = number
      ends[peer].knows.insert(.next)
    } else if number - ends[peer].next >= Endpoint.plausibleDistance {
      return .outsideWindow
    } else if ends[peer].learnAcknowledged(number, &histories[peer]) {
      ends[own].acknowledged = number
      ends[own].knows.insert(.acknowledged)
      return .acknowledgesUnseen
    }
    ends[own].acknowledged = number
    ends[own].knows.insert(.acknowledged)
    return []
  }

  // MARK: - States

  /// Moves both ends as a segment without SYN and RST makes them, whatever it carries.
  @inline(never)
  private mutating func advance(_ segment: Segment, from sender: Side) {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)

    let acknowledges = segment.flags.contains(.ack)
    if ends[own].state == nil, ends[peer].state == nil {
      // Picked up mid-way: both ends must have been through the handshake before. A segment without
      // ACK says nothing of the kind: no synchronized end sends one (RFC 9293 §3.10.7.4), scans do.
      guard acknowledges else { return }
      enter(.established, own, mark, .implied)
      enter(.established, peer, mark, .implied)
      stage = .open
    }
    if acknowledges { proveAcknowledgment(segment, own, mark) }
    if segment.flags.contains(.fin) { sendFIN(segment, own, mark) }

    // What reaches the other end.
    let acknowledgesSYN =
      acknowledges && ends[peer].knows.contains(.initialSequence)
      && !ends[peer].knows.contains(.synAcknowledged)
      && segment.acknowledgment > ends[peer].initialSequence
    if acknowledgesSYN {
      ends[peer].knows.insert(.synAcknowledged)
      if sender == .client, handshake.synACK != nil { handshake.ack = handshake.ack ?? mark }
    }
    let acknowledgesFIN =
      acknowledges && ends[peer].knows.contains(.fin)
      && !ends[peer].knows.contains(.finAcknowledged)
      && segment.acknowledgment > ends[peer].finSequence
    if acknowledgesFIN { ends[peer].knows.insert(.finAcknowledged) }
    let finArrives = ends[own].finIsInSequence && !ends[own].knows.contains(.finDelivered)
    if finArrives { ends[own].knows.insert(.finDelivered) }

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
  private mutating func proveAcknowledgment(
    _ segment: Segment, _ own: Int, _ mark: FrameMark
  ) {
    let peer = 1 - own
    if ends[own].state == .synSent {
      // It has had a SYN-ACK that the capture did not see.
      move(own, .receivesSYNACK, mark, .sent)
      handshake.traits.insert(.complete)
      if ends[peer].state == nil { enter(.established, peer, mark, .implied) }
    } else if ends[own].state == .synReceived, ends[own].packets > 1, ends[peer].packets <= 1,
      ends[peer].knows.contains(.initialSequence),
      segment.acknowledgment > ends[peer].initialSequence + 1
    {
      // Only its own direction is captured: it acknowledges data that came after the handshake.
      move(own, .receivesACKOfSYN, mark, .sent)
      handshake.traits.insert(.complete)
    }
    if ends[peer].knows.contains(.fin), !ends[peer].knows.contains(.finDelivered),
      segment.acknowledgment > ends[peer].finSequence
    {
      ends[peer].knows.insert(.finDelivered)
      move(own, .receivesFIN, mark, .confirmed)
    }
  }

  private mutating func sendFIN(_ segment: Segment, _ own: Int, _ mark: FrameMark) {
    guard !ends[own].knows.contains(.fin) else { return }
    let peer = 1 - own
    ends[own].knows.insert(.fin)
    ends[own].finSequence = segment.sequence + segment.payloadLength
    histories[own].fin = mark
    if closing.first == nil { closing.first = own == 0 ? .client : .server }

    // A FIN that does not acknowledge the other FIN was sent before that one arrived: what was seen
    // on its way there did not move its receiver yet (RFC 9293 §3.6, figure 13).
    let crossed =
      ends[peer].knows.contains(.fin) && segment.flags.contains(.ack)
      && segment.acknowledgment <= ends[peer].finSequence
    if crossed {
      closing.isSimultaneous = true
      if ends[own].state == .closeWait { withdraw(own) }
    }
    move(own, .sendsFIN, mark, .sent)
    if crossed, ends[peer].knows.contains(.finDelivered) { move(own, .receivesFIN, mark, .presumed) }
  }

  /// Keeps the summary of the handshake, the close and the stage in step with both ends.
  private mutating func noteProgress() {
    let client = ends[0].knows
    let server = ends[1].knows
    if server.contains(.synAcknowledged), client.contains(.synAcknowledged) {
      handshake.traits.insert(.complete)
    }
    guard closing.reset == nil else { return }
    if client.contains(.finAcknowledged), server.contains(.finAcknowledged) {
      closing.isComplete = true
      stage = .closed
    } else if client.contains(.fin), server.contains(.fin) {
      stage = .closing
    } else if handshake.traits.contains(.complete) {
      stage = .open
    }
  }

  // MARK: - SYN

  private mutating func takeSYN(_ segment: Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let mark = FrameMark(segment)
    var facts: SegmentFacts = []
    let isNewAttempt =
      !segment.flags.contains(.ack) && ends[own].knows.contains(.initialSequence)
      && segment.sequence != ends[own].initialSequence
    if isNewAttempt {
      // The first one is unanswered (the table has seen to that): the same end tries again.
      facts.insert(.changesInitialSequence)
      ends[own].knows.subtract([.next, .initialSequence, .synAcknowledged])
      handshake.syn = nil
    }
    facts.formUnion(ends[own].place(segment, &histories[own]))
    facts.formUnion(noteWindow(segment, own))
    guard !facts.contains(.outsideWindow) else { return facts }
    if !ends[own].knows.contains(.initialSequence) {
      ends[own].initialSequence = segment.sequence
      ends[own].knows.insert(.initialSequence)
      histories[own].offer = HandshakeOffer(segment)
    }
    if segment.flags.contains(.ack) {
      answer(segment, own, mark)
    } else {
      open(segment, own, mark)
    }
    return facts
  }

  /// A SYN without ACK.
  private mutating func open(_ segment: Segment, _ own: Int, _ mark: FrameMark) {
    let peer = 1 - own
    handshake.lastSYN = mark
    if ends[own].state == nil { ends[own].state = .closed }
    guard ends[own].state == .closed else { return }
    if handshake.syn == nil { handshake.syn = mark }
    move(own, .sendsSYN, mark, .sent)
    if closing.reset != nil, !closing.isComplete, !handshake.traits.contains(.complete) {
      // Refused before, and tried again with the same number.
      closing.reset = nil
      handshake.traits.subtract([.refused, .aborted])
      stage = .opening
    }
    guard ends[peer].state == .synSent else { return }
    handshake.traits.insert(.bothSentSYN)
    move(peer, .receivesSYN, mark, .presumed)
  }

  /// A SYN-ACK.
  private mutating func answer(_ segment: Segment, _ own: Int, _ mark: FrameMark) {
    let peer = 1 - own
    if !ends[peer].knows.contains(.next) {
      // Its SYN was not captured: the acknowledgment tells what it was.
      ends[peer].initialSequence = segment.acknowledgment + UInt32.max
      ends[peer].next = segment.acknowledgment
      ends[peer].contiguous = segment.acknowledgment
      ends[peer].knows.formUnion([.next, .initialSequence])
    }
    if ends[peer].state == nil { enter(.synSent, peer, mark, .implied) }

    let covered = segment.acknowledgment - ends[peer].initialSequence
    let isValid = covered > 0 && segment.acknowledgment <= ends[peer].next
    if ends[own].state == nil || ends[own].state == .closed {
      // Whoever answers a SYN was in LISTEN when it came.
      enter(.listen, own, handshake.syn ?? mark, .implied)
      ends[own].knows.insert(.openedPassively)
    }
    move(own, .sendsSYNACK, mark, .sent)
    guard isValid else { return }
    if handshake.synACK == nil { handshake.synACK = mark }
    if covered > 1, histories[peer].offer?.payload ?? 0 > 0 {
      handshake.traits.insert(.dataAccepted)
    }
    ends[own].acknowledged = segment.acknowledgment
    ends[own].knows.insert(.acknowledged)
    ends[peer].knows.insert(.synAcknowledged)
    agreeOnWindowScale()
    if handshake.traits.contains(.bothSentSYN), ends[peer].state == .synSent {
      // The SYN that crossed its own arrives before this one does.
      move(peer, .receivesSYN, mark, .presumed)
    }
    move(peer, .receivesSYNACK, mark, .presumed)
    if handshake.traits.contains(.bothSentSYN) { noteProgress() }
  }

  /// Windows are scaled only when both SYNs offered it (RFC 7323 §2.2), by 14 bits at most (§2.3).
  private mutating func agreeOnWindowScale() {
    guard let client = histories[0].offer, let server = histories[1].offer else { return }
    let both = client.present.contains(.windowScale) && server.present.contains(.windowScale)
    ends[0].windowShift = both ? min(client.windowScale, 14) : 0
    ends[1].windowShift = both ? min(server.windowScale, 14) : 0
    ends[0].knows.insert(.windowShift)
    ends[1].knows.insert(.windowShift)
  }

  // MARK: - RST

  private mutating func takeReset(_ segment: Segment, from sender: Side) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    let mark = FrameMark(segment)
    let verdict = judgeReset(segment, own)
    guard verdict == .acceptableReset, closing.reset == nil else { return verdict }

    let isRefusal = ends[peer].state == .synSent && !ends[own].knows.contains(.initialSequence)
    if !handshake.traits.contains(.complete), handshake.syn != nil || handshake.synACK != nil {
      handshake.traits.insert(isRefusal ? .refused : .aborted)
    }
    if ends[own].state == nil, ends[peer].state != nil {
      // Nothing was listening there.
      enter(.closed, own, mark, .implied)
    } else {
      move(own, .sendsRST, mark, .sent)
    }
    let passive = ends[peer].knows.contains(.openedPassively)
    move(peer, passive ? .receivesRSTAfterPassiveOpen : .receivesRST, mark, .presumed)
    closing.reset = mark
    closing.resetBy = sender
    if ends[0].state != nil || ends[1].state != nil { stage = .closed }
    return verdict
  }

  /// Whether the RST must be taken by the end it reaches (RFC 9293 §3.10.7.3 and .4, RFC 5961 §3.2).
  ///
  /// The next byte that the receiver expects lies between what it has acknowledged and what its peer
  /// has sent; every number in between is taken for exact.
  private func judgeReset(_ segment: Segment, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    if ends[peer].state == .synSent, !ends[own].knows.contains(.initialSequence) {
      let answersSYN =
        segment.flags.contains(.ack)
        && segment.acknowledgment > ends[peer].initialSequence
        && segment.acknowledgment <= ends[peer].next
      return answersSYN ? .acceptableReset : .ignoredReset
    }
    guard ends[own].knows.contains(.next) else { return .acceptableReset }
    let sequence = segment.sequence
    guard ends[peer].knows.contains(.acknowledged) else {
      let distance = sequence - ends[own].next
      let isNear = distance < Endpoint.plausibleDistance && distance > -Endpoint.plausibleDistance
      return isNear ? .acceptableReset : .ignoredReset
    }
    let expected = ends[peer].acknowledged
    if expected <= sequence, sequence <= ends[own].next || sequence == expected {
      return .acceptableReset
    }
    return sequence.isWithin(max(ends[peer].window, 1), from: expected)
      ? .inexactReset : .ignoredReset
  }

  // MARK: - Time

  /// Lets the timers of both ends run out that have done so by `now`.
  mutating func runTimers(until now: Timestamp, _ limits: TrackerLimits) {
    let twoMSL = limits.nanoseconds(of: .closed)
    guard now.nanoseconds(since: last.time) >= twoMSL else { return }
    let mark = FrameMark(frame: 0, time: Timestamp(nanoseconds: last.time.nanoseconds &+ twoMSL))
    for end in 0..<2 { move(end, .timeWaitEnds, mark, .timer) }
  }

  // MARK: - Moving

  /// Follows the arrow that `event` draws, if there is one.
  private mutating func move(
    _ end: Int, _ event: EndpointEvent, _ mark: FrameMark, _ evidence: Evidence
  ) {
    guard let next = ends[end].state?.next(on: event) else { return }
    enter(next, end, mark, evidence)
  }

  private mutating func enter(
    _ state: EndpointState, _ end: Int, _ mark: FrameMark, _ evidence: Evidence
  ) {
    ends[end].state = state
    histories[end].timeline.append(
      Transition(to: state, frame: mark.frame, time: mark.time, evidence: evidence))
  }

  /// Takes the last transition of an end back.
  private mutating func withdraw(_ end: Int) {
    histories[end].timeline.withdrawLast()
    ends[end].state = histories[end].timeline.last?.state
  }
}
