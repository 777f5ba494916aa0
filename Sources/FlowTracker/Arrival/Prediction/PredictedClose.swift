import PacketParser

// The three or four segments that close most connections (RFC 9293 §3.6, figure 12): the FINs of
// both ends, one after the other, and what acknowledges them.
extension LiveConnection {
  private static let opened: Endpoint.Knowledge = [.initialSequence, .synAcknowledged]

  /// Takes in a FIN: the first one, between two established ends of which nothing is left to prove; or
  /// the second, which answers it, or follows what has.
  @inline(__always)
  func takeFIN(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    guard isOpened(own), isNext(&segment, own, unsettled: [.holes, .lostFIN]),
      !isBeyondWindow(segment.sequence + segment.payloadLength, of: peer)
    else { return false }
    let isFirst = core.traits.contains(.isSteady)
    let isSecond =
      core.ends[own].state == .closeWait && segment.payloadLength == 0
      && hasFIN(of: peer, &segment)
    guard isFirst || isSecond else { return false }
    advanceNumbers(by: &segment, own)
    if segment.payloadLength == 0 { core.traits.insert(.sawBareACK) }
    core.traits.remove(.isSteady)
    if segment.checksumStatus == .correct { core.ends[own].knows.insert(.correctChecksums) }
    history.traces[own].note(&segment)
    if core.ends[own].knows.contains(.awaitsProof) { confirmLatest(by: &segment, own) }
    let milestone = history.milestone(at: FrameMark(segment))
    core.ends[own].knows.formUnion([.fin, .finDelivered])
    history.ends[own].finSequence = segment.sequence + segment.payloadLength
    history.ends[own].fin = milestone
    if isFirst {
      history.closing.first = own == 0 ? .client : .server
      enter(.finWait1, own, milestone, .sent)
      enter(.closeWait, peer, milestone, .presumed, .fin)
      return true
    }
    enter(.lastACK, own, milestone, .sent)
    if core.ends[peer].knows.contains(.finAcknowledged) {
      enter(.timeWait, peer, milestone, .presumed, .fin)
    } else {
      noteACKOfFIN(of: peer, by: &segment)
      enter(.timeWait, peer, milestone, .presumed, .finAndACKOfFIN)
    }
    noteProgress()
    return true
  }

  /// Takes in an empty segment that acknowledges the first FIN, before its end sends its own, or the
  /// second.
  @inline(__always)
  func takeACKOfFIN(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    guard isOpened(own), isNext(&segment, own, unsettled: [.holes, .lostFIN]),
      segment.payloadLength == 0, hasFIN(of: peer, &segment),
      !isBeyondWindow(segment.sequence, of: peer)
    else { return false }
    let next: EndpointState
    switch (core.ends[own].state, core.ends[peer].state) {
    case (.closeWait, .finWait1): next = .finWait2
    case (.timeWait, .lastACK): next = .closed
    default: return false
    }
    advanceNumbers(by: &segment, own)
    core.traits.insert(.sawBareACK)
    // Who has had the other FIN has had the acknowledgment of its own, unless the FINs have crossed.
    if next == .closed, !history.closing.isSimultaneous,
      history.ends[own].states.arePresumedOnly(latest: 2),
      history.ends[own].states.last?.presumedArrival != .ackOfFIN
    {
      confirmAll(of: own)
    } else {
      confirmLatest(by: &segment, own)
    }
    noteACKOfFIN(of: peer, by: &segment)
    enter(next, peer, history.milestone(at: FrameMark(segment)), .presumed, .ackOfFIN)
    noteProgress()
    return true
  }

  /// Whether both ends were opened, as far as the frames tell.
  @inline(__always)
  private func isOpened(_ own: Int) -> Bool {
    core.ends[own].knows.intersection(core.ends[1 - own].knows).isSuperset(of: Self.opened)
  }

  /// Whether the FIN of an end was delivered, and a segment acknowledges it.
  @inline(__always)
  private func hasFIN(of end: Int, _ segment: inout Segment) -> Bool {
    core.ends[end].knows.contains(.finDelivered) && segment.acknowledgment == core.ends[end].next
  }

  /// An empty segment or a bare FIN acknowledges the FIN of an end.
  @inline(__always)
  private func noteACKOfFIN(of end: Int, by segment: inout Segment) {
    core.ends[end].knows.insert(.finAcknowledged)
    history.ends[end].ackOfFINHasData = false
    history.ends[end].sentAfterACKOfFIN = segment.sequence
  }
}
