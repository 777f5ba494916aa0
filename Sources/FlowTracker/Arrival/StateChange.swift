import PacketParser

// Every change of an endpoint's state goes through here, and onto its timeline.
extension LiveConnection {
  /// Follows the arrow that `event` draws, if there is one.
  func move(
    _ end: Int, _ event: EndpointEvent, _ mark: FrameMark, _ evidence: Evidence
  ) {
    guard let state = core.ends[end].state, let next = state.next(on: event) else { return }
    enter(
      next, end, mark, evidence,
      evidence == .presumed ? PresumedArrival(of: event, in: state) : nil)
  }

  func enter(
    _ state: EndpointState, _ end: Int, _ mark: FrameMark, _ evidence: Evidence,
    _ arrival: PresumedArrival? = nil
  ) {
    enter(state, end, history.milestone(at: mark), evidence, arrival)
  }

  @inline(__always)
  func enter(
    _ state: EndpointState, _ end: Int, _ milestone: Milestone, _ evidence: Evidence,
    _ arrival: PresumedArrival? = nil
  ) {
    core.ends[end].state = state
    history.ends[end].states.append(.init(state, milestone, evidence, arrival))
    if evidence == .presumed { core.ends[end].knows.insert(.awaitsProof) }
  }

  /// The end's next SYN will have other numbers than its last one.
  func forgetNumbers(of end: Int) {
    core.ends[end].knows.subtract([.next, .initialSequence, .acknowledged, .synAcknowledged])
    guard core.ends[end].knows.contains(.fin) else { return }
    core.ends[end].knows.subtract([.fin, .finDelivered, .finAcknowledged, .lostFIN])
    history.ends[end].fin = .none
    if history.closing.first == (end == 0 ? .client : .server) { history.closing.first = nil }
  }

  /// Lets the timers of both ends run out that have done so by `now`.
  func runTimers(until now: Timestamp, _ limits: TrackerLimits) {
    confirmBySilence(until: now)
    let twoMSL = limits.nanoseconds(of: .closed)
    guard now.nanoseconds(since: core.last.time) >= twoMSL else { return }
    let mark = FrameMark(
      frame: 0, time: Timestamp(nanoseconds: core.last.time.nanoseconds &+ twoMSL))
    for end in 0..<2 { move(end, .timeWaitEnds, mark, .timer) }
  }
}
