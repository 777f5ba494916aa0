import PacketParser

// The SYN and the SYN-ACK (RFC 9293 §3.10.7.2 and .3).
extension LiveConnection {
  func takeSYN(
    _ segment: inout Segment, from sender: Side, _ age: SendingOrder.Place,
    nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let mark = FrameMark(segment)
    var facts: SegmentFacts = []
    let isNewAttempt =
      !segment.flags.contains(.ack) && core.ends[own].knows.contains(.initialSequence)
      && segment.sequence != history.ends[own].initialSequence
    if isNewAttempt {
      // The first one is unanswered (the table has seen to that), and was given up: a control block
      // has one initial number (RFC 9293 §3.4.1), so the same end tries again.
      facts.insert(.changesInitialSequence)
      if core.ends[own].state == .synSent { enter(.closed, own, mark, .implied) }
      core.ends[own].knows.subtract([.next, .initialSequence, .synAcknowledged])
      history.handshake.syn = .none
    }
    if isOtherAnswer(&segment, own) {
      noteOtherAnswer(&segment, own)
      return .changesInitialSequence
    }
    if isNewAnswer(&segment, own) {
      facts.insert(.changesInitialSequence)
      forgetNumbers(of: own)
      enter(.listen, own, mark, .implied)
      (history.handshake.synACK, history.handshake.lastSYNACK) = (.none, .none)
    } else if segment.flags.contains(.ack), core.ends[1 - own].state == .synSent,
      !core.ends[own].knows.contains(.initialSequence),
      !core.ends[own].next.isWithin(1 << 16, from: segment.sequence + 1)
    {
      // What came from there before belonged to an older connection (RFC 9293 §3.10.7.3).
      forgetNumbers(of: own)
    }
    // The SYN-ACK of a simultaneous open has the number of the SYN before it, and is none.
    let kind: Endpoint.Knowledge = segment.flags.contains(.ack) ? .sentSYNACK : .sentSYN
    // The first of its kind is no copy, though data that were sent later have overtaken it.
    let isFirst = !core.ends[own].knows.contains(kind)
    facts.formUnion(
      place(&segment, own, isFirst ? .unknown : age, nanosecondsSinceLast: nanosecondsSinceLast))
    guard !facts.contains(.duplicateFrame) else { return facts }
    facts.formUnion(noteWindow(segment.window, segment.flags, own))
    guard !facts.contains(.outsideWindow) else { return facts }
    history.traces[own].note(&segment)
    if isFirst { facts.subtract([.repeatsSYN, .repeatsAcknowledged]) }
    core.ends[own].knows.insert(kind)
    if !core.ends[own].knows.contains(.initialSequence) {
      history.ends[own].initialSequence = segment.sequence
      core.ends[own].knows.insert(.initialSequence)
      history.ends[own].offer = HandshakeOffer(segment)
    } else if history.ends[own].offer == nil, segment.sequence == history.ends[own].initialSequence
    {
      // Its answer stands before it in the file.
      history.ends[own].offer = HandshakeOffer(segment)
      agreeOnOptions()
    }
    if facts.contains(.repeatsSYN) {
      noteLateSYN(&segment, own)
      facts.formUnion(refute(byRepeated: &segment, own))
      // A SYN-ACK has no identification, often no timestamp, and comes at once.
      if !segment.flags.contains(.ack) { core.traffic[1 - own].answersAgain() }
    }
    confirm(&segment, own)
    if segment.flags.contains(.ack) {
      if !answer(&segment, own, mark), segment.checksumStatus != .wrong {
        facts.insert(.wrongAcknowledgment)
      }
    } else {
      open(&segment, own, mark)
    }
    return facts
  }

  /// The server answers a repeated SYN by another number: it gave its first answer up, which the
  /// client never had, and has forgotten it.
  private func isNewAnswer(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    guard segment.flags.contains(.ack), core.ends[own].state == .synReceived,
      core.ends[own].knows.isSuperset(of: [.initialSequence, .openedPassively]),
      segment.sequence != history.ends[own].initialSequence,
      core.ends[peer].state == .synSent, core.ends[peer].knows.contains(.sentSYN)
    else { return false }
    return segment.acknowledgment > history.ends[peer].initialSequence
      && segment.acknowledgment <= core.ends[peer].next
  }

  /// A SYN without ACK.
  private func open(_ segment: inout Segment, _ own: Int, _ mark: FrameMark) {
    let peer = 1 - own
    if history.closing.reset != .none, !history.closing.isComplete,
      !history.handshake.traits.contains(.complete)
    {
      // Refused before, and tried again with the same number.
      history.closing.reset = .none
      history.handshake = HandshakeRecord()
      core.stage = .opening
      core.ends[own].knows.remove(.synAcknowledged)
      forgetNumbers(of: peer)
    }
    let milestone = history.milestone(at: mark)
    if history.handshake.synACK == .none { history.handshake.lastSYN = milestone }
    if history.handshake.syn == .none { history.handshake.syn = milestone }
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
  ///
  /// - Returns: Whether it acknowledges a SYN of the peer, as far as that was seen.
  private func answer(_ segment: inout Segment, _ own: Int, _ mark: FrameMark) -> Bool {
    let peer = 1 - own
    if !core.ends[peer].knows.contains(.next) {
      // Its SYN was not captured: the acknowledgment tells what it was.
      history.ends[peer].initialSequence = segment.acknowledgment + UInt32.max
      core.ends[peer].begin(at: segment.acknowledgment)
      core.ends[peer].knows.insert(.initialSequence)
    }
    if core.ends[peer].state == nil { enter(.synSent, peer, mark, .implied) }

    let covered = segment.acknowledgment - history.ends[peer].initialSequence
    let isValid = covered > 0 && segment.acknowledgment <= core.ends[peer].next
    let hasOpened = history.handshake.traits.contains(.complete)
    // An end that has sent a SYN itself had this answer under way when a RST was to close it.
    let isLate = core.ends[own].state == .closed && core.ends[own].knows.contains(.sentSYN)
    if core.ends[own].state == nil || core.ends[own].state == .closed && !hasOpened && !isLate {
      // Whoever answers a SYN was in LISTEN when it came.
      enter(.listen, own, frameMark(history.handshake.syn) ?? mark, .implied)
      core.ends[own].knows.insert(.openedPassively)
    }
    move(own, .sendsSYNACK, mark, .sent)
    if core.ends[own].knows.contains(.fin),
      let fin = frameMark(history.ends[own].fin)
    {
      // A Fast Open server may send it from SYN-RECEIVED, and it has overtaken the SYN-ACK.
      move(own, .sendsFIN, fin, .sent)
    }
    guard isValid else { return false }
    let milestone = history.milestone(at: mark)
    if history.handshake.synACK == .none { history.handshake.synACK = milestone }
    if history.handshake.ack == .none { history.handshake.lastSYNACK = milestone }
    if covered > 1, history.ends[peer].offer?.payload ?? 0 > 0 {
      history.handshake.traits.insert(.dataAccepted)
    }
    noteIgnoredBytes(&segment, own)
    core.ends[own].acknowledged = segment.acknowledgment
    core.ends[own].knows.insert(.acknowledged)
    core.ends[peer].knows.insert(.synAcknowledged)
    agreeOnOptions()
    if history.handshake.traits.contains(.bothSentSYN), core.ends[peer].state == .synSent {
      // The SYN that crossed its own arrives before this one does.
      move(peer, .receivesSYN, mark, .presumed)
    }
    move(peer, .receivesSYNACK, mark, .presumed)
    if history.handshake.traits.contains(.bothSentSYN) { noteProgress() }
    return true
  }

  /// Notes what neither end takes of the bytes that came before the SYN-ACK did.
  private func noteIgnoredBytes(_ segment: inout Segment, _ own: Int) {
    let peer = 1 - own
    guard history.handshake.ack == .none, !history.handshake.traits.contains(.bothSentSYN) else {
      return
    }
    // As long as it has acknowledged nothing, all its bytes came on SYNs.
    if segment.acknowledgment < core.ends[peer].next {
      core.ends[peer].expectAgain(from: segment.acknowledgment, &irregularities[peer])
    } else if core.ends[peer].knows.contains(.holes) {
      _ = core.ends[peer].learnAcknowledged(segment.acknowledgment, &irregularities[peer])
    }
    if core.ends[peer].state == .synSent, segment.sequenceEnd < core.ends[own].next {
      core.ends[own].expectAgain(from: segment.sequenceEnd, &irregularities[own])
    }
  }

  /// Windows are scaled, by 14 bits at most, and timestamps sent only when both SYNs offered it (RFC 7323
  /// §§2.2, 2.3, 3.2).
  func agreeOnOptions() {
    guard let client = history.ends[0].offer, let server = history.ends[1].offer else { return }
    if client.takesSmallSegments || server.takesSmallSegments {
      core.traits.insert(.hasSmallSegments)
    }
    if !client.mayHave(.timestamps) || !server.mayHave(.timestamps) {
      core.traffic[0].order.forgetTimestamps()
      core.traffic[1].order.forgetTimestamps()
    }
    let isScaled = client.present.intersection(server.present).contains(.windowScale)
    guard isScaled || !client.mayHave(.windowScale) || !server.mayHave(.windowScale) else { return }
    core.ends[0].windowShift = isScaled ? min(client.windowScale, 14) : 0
    core.ends[1].windowShift = isScaled ? min(server.windowScale, 14) : 0
    core.ends[0].knows.insert(.windowShift)
    core.ends[1].knows.insert(.windowShift)
    noteNarrowness()
  }
}
