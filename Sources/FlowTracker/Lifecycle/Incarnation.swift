import PacketParser

// Which connection does a SYN belong to? A tuple is used again and again; a SYN may be a copy, a new
// attempt, a new incarnation, or a stray, and sometimes only the answer to it tells.
extension Connection {
  enum SYNDecision {
    case sameConnection
    case newIncarnation
    /// Both ends believe the connection to be open: a SYN-ACK will make it a new incarnation, a
    /// challenge ACK a stray (RFC 9293 §3.10.7.4, RFC 5961 §4).
    case awaitAnswer
  }

  func decide(on segment: Segment, from sender: Side) -> SYNDecision {
    let own = ends[Int(sender.rawValue)]
    let peer = ends[Int(sender.peer.rawValue)]
    if own.knows.contains(.initialSequence), segment.sequence == own.initialSequence {
      return .sameConnection
    }
    if segment.flags.contains(.ack) {
      // A SYN-ACK of other numbers begins something new only where the old has ended.
      return stage == .closed && own.knows.contains(.initialSequence)
        ? .newIncarnation : .sameConnection
    }
    if stage == .closed || own.state == .closed { return .newIncarnation }
    let isUnanswered = peer.state == nil && own.state == .synSent
    let hasNotSpoken = own.state == nil
    return isUnanswered || hasNotSpoken ? .sameConnection : .awaitAnswer
  }

  mutating func holdStrayingSYN(_ segment: Segment, from sender: Side) {
    if traits.contains(.hasStrayingSYN), strayingSYN.sequence == segment.sequence,
      strayingSYNSender == sender
    {
      strayingSYNCount &+= 1
    } else {
      if traits.contains(.hasStrayingSYN) { countStrayingSYN() }
      strayingSYN = segment
      strayingSYNSender = sender
      strayingSYNCount = 1
      traits.insert(.hasStrayingSYN)
    }
    last = FrameMark(segment)
  }

  enum StrayingSYN {
    case isNewConnection
    /// It changed nothing: its segments belong to this connection.
    case belongsHere
    case undecided
  }

  /// What the next segment says of the SYN that is waiting for its answer.
  mutating func settleStrayingSYN(by segment: Segment, from sender: Side) -> StrayingSYN {
    let isRepeat =
      sender == strayingSYNSender && segment.flags.contains(.syn)
      && segment.sequence == strayingSYN.sequence
    if isRepeat { return .undecided }

    let answersIt =
      sender != strayingSYNSender && segment.flags.contains(.ack)
      && !segment.flags.isDisjoint(with: [.syn, .rst])
      && segment.acknowledgment > strayingSYN.sequence
      && segment.acknowledgment <= strayingSYN.sequenceEnd
    if answersIt { return .isNewConnection }
    countStrayingSYN()
    return .belongsHere
  }

  /// Hands out the SYN that was waiting, the end it came from, and how often it came.
  mutating func takeStrayingSYN() -> (syn: Segment, sender: Side, count: UInt32) {
    traits.remove(.hasStrayingSYN)
    return (strayingSYN, strayingSYNSender, strayingSYNCount)
  }

  /// Counts a repeated SYN `times` times, without another look at it.
  mutating func countRepeats(of syn: Segment, _ times: UInt32) {
    guard times > 0 else { return }
    let own = Int(firstSender.rawValue)
    ends[own].packets &+= UInt64(times)
    ends[own].bytes &+= UInt64(times) &* UInt64(syn.packetLength)
    ends[own].payload &+= UInt64(times) &* UInt64(syn.payloadLength)
  }

  private mutating func countStrayingSYN() {
    let (syn, sender, times) = takeStrayingSYN()
    let own = Int(sender.rawValue)
    ends[own].packets &+= UInt64(times)
    ends[own].bytes &+= UInt64(times) &* UInt64(syn.packetLength)
    ends[own].payload &+= UInt64(times) &* UInt64(syn.payloadLength)
    traits.insert(.sawSYN)
  }
}
