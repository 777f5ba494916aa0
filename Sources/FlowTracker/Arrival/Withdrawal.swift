import PacketParser

// What only the state before an arrival does refutes it: the segment was lost past the capture, or
// its receiver ignored it. What was presumed is taken back, and the next arrival presumes again.
extension LiveConnection {
  /// The round trip between the capture and an end where the handshake does not show it: the
  /// shortest time after which Linux repeats anything (TCP_RTO_MIN).
  ///
  /// A longer one is taken back wrongly at times, until the next segment.
  static var assumedRoundTrip: Int64 { LossEvidence.shortestTimeout }
  /// What is repeated so much later, a timer has sent (RFC 6298 §2.4).
  private static let retransmissionTimeout: Int64 = 1_000_000_000
  /// Segments cross inside a host too: between its queues and the capture.
  private static let shortestRoundTrip: Int64 = 1_000_000

  /// Takes back what the sender of a repeated SYN or SYN-ACK was presumed to have had.
  ///
  /// SYN-RECEIVED repeats its SYN-ACK after the final ACK was seen: it was lost, the accept queue is
  /// full, or TCP_DEFER_ACCEPT waits for data.
  func refute(byRepeated segment: inout Segment, _ own: Int) -> SegmentFacts {
    segment.flags.contains(.ack)
      ? refute([.ackOfSYN], &segment, own) : refute([.syn, .synACK], &segment, own)
  }

  /// Takes back what the sender of a segment without SYN and RST was presumed to have had.
  func refute(by segment: inout Segment, _ own: Int) -> SegmentFacts {
    guard core.ends[own].knows.contains(.awaitsProof) else { return [] }
    let peer = 1 - own
    var facts: SegmentFacts = []
    // Its own first FIN crosses the other one, as `sendFIN` sees, however long a round trip is by now.
    let crosses = segment.flags.contains(.fin) && !core.ends[own].knows.contains(.fin)
    let lacksFIN =
      !crosses && segment.flags.contains(.ack) && core.ends[peer].knows.contains(.finDelivered)
      && segment.acknowledgment <= history.ends[peer].finSequence
      && segment.acknowledgment == core.ends[own].acknowledged
    // Below what it has acknowledged, the segment is one that others have overtaken.
    if lacksFIN { facts.formUnion(refute([.fin, .finAndACKOfFIN], &segment, own)) }
    // One that acknowledges less than its sender has since is a late copy (RFC 9293 §3.10.7.4).
    // Bytes before the FIN are repeated no more when it is acknowledged, either.
    let number = segment.sequence + segment.payloadLength
    let repeatsFIN =
      core.ends[own].knows.contains(.fin)
      && segment.acknowledgment == core.ends[own].acknowledged
      && (segment.flags.contains(.fin)
        ? number == history.ends[own].finSequence
        : segment.payloadLength > 0 && number <= history.ends[own].finSequence)
    if repeatsFIN {
      let fin = core.ends[peer].knows.contains(.finDelivered) && !lacksFIN ? finMark(of: own) : nil
      // Bytes before it may be repeated for other reasons, and cross the acknowledgment.
      let patience = segment.flags.contains(.fin) ? 0 : Self.retransmissionTimeout
      let refuted = refute([.ackOfFIN, .finAndACKOfFIN], &segment, own, atLeast: patience)
      if refuted.contains(.showsLoss), let fin {
        // The other FIN did arrive, for this one acknowledges it.
        core.ends[peer].knows.insert(.finDelivered)
        core.ends[peer].knows.remove(.lostFIN)
        move(own, .receivesFIN, fin, .confirmed)
      }
      facts.formUnion(refuted)
    }
    return facts
  }

  /// The frame by which an end had the other one's FIN.
  private func finMark(of own: Int) -> FrameMark? {
    for index in (0..<history.ends[own].states.count).reversed() {
      let arrival = presumedArrival(own, index)
      if arrival == .fin || arrival == .finAndACKOfFIN {
        return frameMark(history.ends[own].states[index].milestone)
      }
    }
    return nil
  }

  /// Takes back the first of these arrivals that is presumed of an end, and all that followed from
  /// it.
  ///
  /// A segment that crossed the arrival on the wire refutes nothing, so more than a round trip must
  /// lie between. What an end sent stays, and proves what came before it.
  private func refute(
    _ arrivals: [PresumedArrival], _ segment: inout Segment, _ own: Int, atLeast: Int64 = 0
  ) -> SegmentFacts {
    guard let index = firstPresumed(own, arrivals),
      let mark = frameMark(history.ends[own].states[index].milestone),
      segment.time.nanoseconds(since: mark.time) > max(atLeast, roundTrip(to: own))
    else { return [] }
    noteLoss(own, history.ends[own].states[index].milestone)
    withdraw(own, from: index)
    return .showsLoss
  }

  /// The first of an end's transitions by one of these arrivals, if all since then are presumed.
  func firstPresumed(_ own: Int, _ arrivals: [PresumedArrival]) -> Int? {
    var first: Int?
    for index in (0..<history.ends[own].states.count).reversed() {
      guard let arrival = presumedArrival(own, index) else { break }
      if arrivals.contains(arrival) { first = index }
    }
    return first
  }

  /// Nanoseconds from the capture to an end and back, as far as can be told.
  ///
  /// Where a question was repeated its answer may be one to either copy, and took no longer than since
  /// the first.
  func roundTrip(to end: Int) -> Int64 {
    let (question, again, answer) = roundTripMilestones(to: end)
    guard let asked = frameMark(question), let answered = frameMark(answer),
      case let longest = answered.time.nanoseconds(since: asked.time), longest >= 0
    else { return Self.assumedRoundTrip }
    return max(longest, question == again ? Self.shortestRoundTrip : Self.assumedRoundTrip)
  }

  /// The capture was taken this near to an end, in nanoseconds there and back: whatever it shows on
  /// its way there has arrived before anything else happens.
  static var nearbyRoundTrip: Int64 { 100_000 }

  /// Whether the capture was taken at an end, as the handshake showed it.
  func isCaptured(at end: Int) -> Bool {
    measuredRoundTrip(to: end).map { $0 < Self.nearbyRoundTrip } ?? false
  }

  /// Whether a number lies beyond what an end was ready for, where the capture was taken at that end:
  /// elsewhere a wider window may be on its way (RFC 9293 §3.10.7.4, first).
  @inline(__always)
  func isBeyondWindow(_ number: SequenceNumber, of end: Int) -> Bool {
    // What was acknowledged is never beyond, which costs less to see than the rest.
    core.ends[end].knows.contains(.acknowledged) && number > core.ends[end].acknowledged
      && number > rightEdge(of: end) && isCaptured(at: end)
  }

  /// The end of the window of an end, which is told in units.
  func rightEdge(of end: Int) -> SequenceNumber {
    let unit: UInt32 = 1 &<< UInt32(core.ends[end].windowShift)
    return core.ends[end].acknowledged + core.traffic[end].window + (unit - 1)
  }

  /// Nanoseconds from the capture to an end and back, as the handshake showed it.
  func measuredRoundTrip(to end: Int) -> Int64? {
    let (question, again, answer) = roundTripMilestones(to: end)
    guard question == again, let asked = frameMark(question),
      let answered = frameMark(answer)
    else { return nil }
    let nanoseconds = answered.time.nanoseconds(since: asked.time)
    return nanoseconds < 0 ? nil : nanoseconds
  }

  /// The question of the handshake that an end has answered, its last repeat, and the answer.
  private func roundTripMilestones(to end: Int) -> (Milestone, Milestone, Milestone) {
    let handshake = history.handshake
    return end == Int(Side.server.rawValue)
      ? (handshake.syn, handshake.lastSYN, handshake.synACK)
      : (handshake.synACK, handshake.lastSYNACK, handshake.ack)
  }

  /// Takes back an end's transitions from this one on, and what was known by them.
  func withdraw(_ own: Int, from index: Int) {
    let peer = 1 - own
    while history.ends[own].states.count > index {
      let last = history.ends[own].states.count - 1
      switch presumedArrival(own, last) {
      case .syn, .synACK, .ackOfSYN: forgetACKOfSYN(own)
      case .fin: loseFIN(of: peer)
      case .ackOfFIN: forgetACKOfFIN(own)
      case .finAndACKOfFIN:
        loseFIN(of: peer)
        forgetACKOfFIN(own)
      case .reset, nil: break
      }
      withdraw(own)
    }
    if history.ends[own].states.presumed == 0 { core.ends[own].knows.remove(.awaitsProof) }
    restoreStage()
  }

  func noteLoss(_ own: Int, _ lost: Milestone) {
    history.ends[own].lost = lost
    history.ends[own].losses &+= history.ends[own].losses == .max ? 0 : 1
  }

  /// The stage after what moved it last was taken back.
  func restoreStage() {
    let isOpen = history.handshake.traits.contains(.complete) || !history.handshake.wasSeen
    let haveClosed =
      core.ends[0].knows.contains(.fin) && core.ends[1].knows.contains(.fin)
    core.stage =
      history.closing.isComplete ? .closed : haveClosed ? .closing : isOpen ? .open : .opening
  }

  private func forgetACKOfSYN(_ own: Int) {
    core.ends[own].knows.remove(.synAcknowledged)
    history.handshake.traits.remove(.complete)
  }

  private func forgetACKOfFIN(_ own: Int) {
    core.ends[own].knows.remove(.finAcknowledged)
    history.closing.isComplete = false
  }

  /// Only a repeat of the FIN delivers it now.
  private func loseFIN(of peer: Int) {
    core.ends[peer].knows.remove(.finDelivered)
    core.ends[peer].knows.insert(.lostFIN)
  }

  /// Takes the last transition of an end back.
  func withdraw(_ end: Int) {
    history.ends[end].states.withdrawLast()
    core.ends[end].state = history.ends[end].states.last?.state
  }
}
