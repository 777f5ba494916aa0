import PacketParser

// The three segments that open most connections (RFC 9293 §3.5, figure 6), and what comes before the
// server has shown that it had the last of them.
extension LiveConnection {
  /// What a client's SYN leaves of knowledge, but for the checksum.
  private static let hasAsked: Endpoint.Knowledge = [
    .hasSent, .next, .initialSequence, .sentSYN,
  ]
  /// What a server's SYN-ACK leaves.
  private static let hasAnswered: Endpoint.Knowledge = [
    .hasSent, .next, .initialSequence, .sentSYNACK, .acknowledged, .openedPassively,
  ]
  /// What no rule here asks for.
  private static let beside: Endpoint.Knowledge = [.correctChecksums, .windowShift]

  /// Takes in the SYN that a connection begins with, if it is one like most.
  ///
  /// - Returns: Whether it is; if not, nothing has changed.
  @inline(__always)
  func takeOpening(_ segment: inout Segment, from sender: Side) -> Bool {
    guard Self.opensAsUsual(&segment), !core.traits.contains(.hasOneEnd) else { return false }
    let own = Int(sender.rawValue)
    let milestone = beginOffer(&segment, own)
    core.ends[own].knows.formUnion(Self.hasAsked)
    core.traits.insert(.sawSYN)
    history.handshake.syn = milestone
    history.handshake.lastSYN = milestone
    enter(.synSent, own, milestone, .sent)
    return true
  }

  /// Whether a segment is a SYN like most, as far as its addresses do not tell.
  @inline(__always)
  static func opensAsUsual(_ segment: inout Segment) -> Bool {
    segment.flags.intersection([.syn, .ack, .fin, .rst]) == .syn && segment.payloadLength == 0
      && segment.window >= easyWindow && !segment.traits.contains(.unusualHeader)
  }

  /// Takes in a SYN-ACK if it is the answer to the only SYN, and the first segment of its end.
  @inline(__always)
  func takeAnswer(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    guard core.ends[own].knows == [], segment.payloadLength == 0,
      segment.window >= Self.easyWindow,
      core.ends[peer].knows.subtracting(Self.beside) == Self.hasAsked,
      segment.acknowledgment == core.ends[peer].next,
      segment.acknowledgment == history.ends[peer].initialSequence + 1
    else { return false }
    let milestone = beginOffer(&segment, own)
    core.last = FrameMark(segment)
    core.ends[own].acknowledged = segment.acknowledgment
    core.ends[own].knows.formUnion(Self.hasAnswered)
    core.traits.insert(.sawSYNACK)
    history.traces[own].note(&segment)
    history.handshake.synACK = milestone
    history.handshake.lastSYNACK = milestone
    agreeOnOptions()
    enter(.listen, own, history.handshake.syn, .implied)
    enter(.synReceived, own, milestone, .sent)
    core.ends[peer].knows.insert(.synAcknowledged)
    enter(.established, peer, milestone, .presumed, .synACK)
    return true
  }

  /// Takes in an empty segment of the client that acknowledges the SYN-ACK, if it is the first one after
  /// it.
  @inline(__always)
  func takeACKOfAnswer(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    guard
      core.ends[own].knows.subtracting(Self.beside)
        == Self.hasAsked.union([.synAcknowledged, .awaitsProof]),
      core.ends[peer].knows.subtracting(Self.beside) == Self.hasAnswered,
      segment.payloadLength == 0, segment.sequence == core.ends[own].next,
      window(of: &segment, own) >= Self.easyWindow,
      segment.acknowledgment == core.ends[peer].next, own == Int(Side.client.rawValue),
      core.traffic[own].order.expectsTimestamp(of: &segment),
      // That it is no copy of the SYN, nothing that was asked so far tells.
      core.traffic[own].place(
        of: &segment, at: core.ends[own],
        haste: segment.time.nanoseconds &- core.last.time.nanoseconds, mayRepeatItself: false)
        != .copy
    else { return false }
    core.last = FrameMark(segment)
    core.ends[own].acknowledged = segment.acknowledgment
    core.ends[own].knows.insert(.acknowledged)
    core.traffic[own].countPredicted(&segment, window: window(of: &segment, own))
    core.traits.insert(.sawBareACK)
    confirmLatest(by: &segment, own)
    let milestone = history.milestone(at: FrameMark(segment))
    history.handshake.ack = milestone
    core.ends[peer].knows.insert(.synAcknowledged)
    enter(.established, peer, milestone, .presumed, .ackOfSYN)
    noteProgress()
    return true
  }

  /// Takes in a segment between two established ends of which something is left to prove; if it is its
  /// sender, it may do so.
  @inline(__always)
  func takeBeforeProof(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    let known: Endpoint.Knowledge = [.initialSequence, .synAcknowledged]
    guard core.ends[own].state == .established, isNext(&segment, own, unsettled: [.holes, .fin]),
      core.ends[own].knows.intersection(core.ends[peer].knows).isSuperset(of: known),
      segment.payloadLength > 0 || segment.acknowledgment != core.ends[own].acknowledged
    else { return false }
    advanceNumbers(by: &segment, own)
    if segment.payloadLength == 0 { core.traits.insert(.sawBareACK) }
    if core.ends[own].knows.contains(.awaitsProof) {
      let isProof = segment.payloadLength > 0 && !mayBeFastOpen
      if isProof { confirmLatest(by: &segment, own) } else { confirm(&segment, own) }
      noteSteadiness()
    }
    return true
  }

  /// Counts a SYN or SYN-ACK without payload, and remembers what it offers.
  @inline(__always)
  private func beginOffer(_ segment: inout Segment, _ own: Int) -> Milestone {
    core.traffic[own].notePredicted(&segment, window: UInt32(segment.window))
    core.ends[own].next = segment.sequenceEnd
    if segment.checksumStatus == .correct { core.ends[own].knows.insert(.correctChecksums) }
    history.ends[own].initialSequence = segment.sequence
    history.ends[own].offer = HandshakeOffer(segment)
    return history.milestone(at: FrameMark(segment))
  }
}
