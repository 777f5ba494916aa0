import PacketParser

// What an end must answer (RFC 9293 §3.5.2, §3.8 and §3.10.7): whoever gets a segment that moves nothing
// says so, so that its sender learns where it stands.
extension LiveConnection {
  /// An answer comes at once; by an acknowledgment that is delayed, within half a second (RFC 9293
  /// §3.8.6.3, MUST-40).
  private static let replyTime: Int64 = 1_000_000_000
  /// The same where it has a way to go, which may take longer than it did in the handshake.
  private static let distantReplyTime: Int64 = 3_000_000_000

  /// Notes that a segment is a reply that its sender owes, and that its receiver owes one to it.
  ///
  /// - Parameters:
  ///   - segment: A segment that was taken in.
  ///   - sender: Who sent it.
  ///   - facts: What was true of it.
  @inline(__always)
  func noteReplies(_ segment: inout Segment, from sender: Side, _ facts: SegmentFacts) {
    let own = Int(sender.rawValue)
    if core.traits.contains(.owesReply) { settleReplies(&segment, own) }
    let state = core.ends[1 - own].state
    let mayAsk =
      !facts.isDisjoint(with: Self.asking) || state == .closed || state == .synSent
      || core.traffic[1 - own].window == 0 || segment.sequence < core.ends[1 - own].acknowledged
    if mayAsk, facts.isDisjoint(with: .duplicateFrame), segment.checksumStatus != .wrong,
      !core.traits.contains(.hasOneEnd), let duty = duty(of: 1 - own, after: &segment, facts)
    {
      oweReply(duty, by: 1 - own, to: &segment)
    }
  }

  /// Facts of segments that may have to be answered.
  private static var asking: SegmentFacts {
    [
      .repeatsAcknowledged, .repeatsFIN, .repeatsSYN, .probe, .outsideWindow, .exceedsWindow,
      .inexactReset, .wrongAcknowledgment, .acknowledgesBeyondFIN,
    ]
  }

  /// Notes that an end owes a challenge ACK to a SYN; in TIME-WAIT it may take it instead (RFC 9293 §3.6.1,
  /// MAY-2).
  func oweChallenge(by end: Int, to segment: inout Segment) {
    guard isSynchronized(end), core.ends[end].state != .timeWait else { return }
    oweReply(.strayingSYN, by: end, to: &segment)
  }

  /// Notes that an end owes a reply to a segment that was seen on its way to it.
  @inline(never)
  private func oweReply(_ duty: ReplyDuty, by end: Int, to segment: inout Segment) {
    let wait =
      isCaptured(at: end)
      ? Self.replyTime : Self.distantReplyTime &+ max(0, roundTrip(to: end))
    irregularities[end].replies.owe(
      duty, frame: segment.frame, of: history.first.frame, at: segment.time,
      until: Timestamp(nanoseconds: segment.time.nanoseconds &+ wait))
    core.traits.insert(.owesReply)
  }

  @inline(never)
  private func settleReplies(_ segment: inout Segment, _ own: Int) {
    irregularities[own].replies.settle(by: segment.flags, at: segment.time)
    if !irregularities[0].replies.isOwing, !irregularities[1].replies.isOwing {
      core.traits.remove(.owesReply)
    }
  }

  /// What an end owes to a segment, if anything.
  @inline(never)
  private func duty(
    of end: Int, after segment: inout Segment, _ facts: SegmentFacts
  ) -> ReplyDuty? {
    if segment.flags.contains(.rst) {
      // No RST is ever answered by another (RFC 9293 §3.10.7).
      return facts.contains(.inexactReset) && isSynchronized(end) ? .inexactReset : nil
    }
    // What moves it has been taken, old or not.
    guard !wasMoved(end, by: &segment) else { return nil }
    switch core.ends[end].state {
    // A SYN may open something new.
    case .closed: return segment.flags.contains(.syn) ? nil : .segmentInClosed
    case .synSent: return acknowledgesOther(&segment, end) ? .wrongACKInSYNSent : nil
    case .synReceived:
      if facts.contains(.repeatsSYN) { return .repeatedSYN }
      return facts.contains(.wrongAcknowledgment) && isInWindow(&segment, of: end)
        ? .wrongACKInSYNReceived : nil
    case _ where isSynchronized(end): return dutyInSynchronizedState(end, &segment, facts)
    default: return nil
    }
  }

  private func dutyInSynchronizedState(
    _ end: Int, _ segment: inout Segment, _ facts: SegmentFacts
  ) -> ReplyDuty? {
    guard core.ends[end].knows.contains(.acknowledged) else { return nil }
    if segment.flags.contains(.syn) {
      guard facts.contains(.repeatsSYN) else { return nil }
      return segment.flags.contains(.ack) ? .repeatedSYN : .strayingSYN
    }
    let acknowledged = core.ends[end].acknowledged
    let isShut = core.traffic[end].window == 0
    if facts.contains(.probe) { return isShut ? .windowProbe : .keepAlive }
    if facts.contains(.outsideWindow) {
      guard history.handshake.wasSeen else { return nil }
      return isFar(segment.sequence, acknowledged) ? .unacceptableSegment : .acknowledgmentOfUnsent
    }
    if facts.contains(.acknowledgesBeyondFIN) {
      // LAST-ACK and CLOSING wait for one acknowledgment, and ignore others.
      let state = core.ends[end].state
      return state == .finWait1 || state == .finWait2 ? .acknowledgmentOfUnsent : nil
    }
    if segment.sequenceLength == 0 {
      return segment.sequence < acknowledged ? .unacceptableSegment : nil
    }
    // What the end has acknowledged it has had, whatever is on its way.
    if segment.sequenceEnd <= acknowledged {
      return facts.contains(.repeatsFIN) ? .repeatedFIN : .unacceptableSegment
    }
    guard segment.payloadLength > 0 else { return nil }
    if isShut { return .windowProbe }
    return facts.contains(.exceedsWindow) && segment.sequence > rightEdge(of: end)
      ? .unacceptableSegment : nil
  }

  private func isSynchronized(_ end: Int) -> Bool {
    core.ends[end].state?.isSynchronized ?? false
  }

  /// Whether a segment was the latest to change the state of the end that it was sent to.
  private func wasMoved(_ end: Int, by segment: inout Segment) -> Bool {
    history.ends[end].states.last.flatMap { frameMark($0.milestone) }?.frame == segment.frame
  }

  /// Whether a segment acknowledges what an end in SYN-SENT has not sent (RFC 9293 §3.10.7.3, first).
  private func acknowledgesOther(_ segment: inout Segment, _ end: Int) -> Bool {
    guard segment.flags.contains(.ack),
      core.ends[end].knows.isSuperset(of: [.initialSequence, .next])
    else { return false }
    return segment.acknowledgment <= history.ends[end].initialSequence
      || segment.acknowledgment > core.ends[end].next
  }

  /// Whether a segment begins where an end has room for it.
  private func isInWindow(_ segment: inout Segment, of end: Int) -> Bool {
    core.ends[end].knows.contains(.acknowledged)
      && segment.sequence.isWithin(
        max(core.traffic[end].window, 1), from: core.ends[end].acknowledged)
  }

  private func isFar(_ number: SequenceNumber, _ other: SequenceNumber) -> Bool {
    let distance = number - other
    return distance >= EndpointPosition.plausibleDistance
      || distance <= -EndpointPosition.plausibleDistance
  }
}
