import PacketParser

// Which connection does a SYN belong to? A tuple is used again and again; a SYN may be a copy, a new
// attempt, a new incarnation, or a stray, and sometimes only the answer to it tells.
extension LiveConnection {
  enum SYNDecision {
    case sameConnection
    case newIncarnation
    /// Both ends believe the connection to be open: a SYN-ACK will make it a new incarnation, a
    /// challenge ACK a stray (RFC 9293 §3.10.7.4, RFC 5961 §4).
    case awaitAnswer
  }

  func decide(on segment: Segment, from sender: Side) -> SYNDecision {
    let own = core.ends[Int(sender.rawValue)]
    let peer = core.ends[Int(sender.peer.rawValue)]
    if own.knows.contains(.initialSequence), segment.sequence == own.initialSequence {
      return .sameConnection
    }
    if segment.flags.contains(.ack) {
      // A SYN-ACK of other numbers begins something new only where the old has ended.
      return core.stage == .closed && own.knows.contains(.initialSequence)
        ? .newIncarnation : .sameConnection
    }
    if core.stage == .closed || own.state == .closed { return .newIncarnation }
    let isUnanswered = peer.state == nil && own.state == .synSent
    let hasNotSpoken = own.state == nil
    return isUnanswered || hasNotSpoken ? .sameConnection : .awaitAnswer
  }

  /// Counts a SYN without another look at it.
  func count(_ syn: Segment, from sender: Side, times: UInt64) {
    let own = Int(sender.rawValue)
    core.ends[own].packets &+= times
    core.ends[own].bytes &+= times &* UInt64(syn.packetLength)
    core.ends[own].payload &+= times &* UInt64(syn.payloadLength)
    core.traits.insert(.sawSYN)
  }
}

/// A SYN with other numbers, on a connection that both ends believe to be open, that waits for its
/// answer.
struct StrayingSYN {
  let syn: Segment
  let sender: Side
  /// How often it came.
  var count: UInt64 = 1

  enum Verdict {
    case isNewConnection
    /// It changed nothing: its segments belong to the connection that it strayed into.
    case belongsToOld
    case undecided
  }

  func isRepeated(by segment: Segment, from other: Side) -> Bool {
    other == sender && segment.flags.contains(.syn) && segment.sequence == syn.sequence
  }

  /// What the next segment says of it.
  func verdict(after segment: Segment, from other: Side) -> Verdict {
    if isRepeated(by: segment, from: other) { return .undecided }
    let isAnswer =
      other != sender && segment.flags.contains(.ack)
      && !segment.flags.isDisjoint(with: [.syn, .rst])
      && segment.acknowledgment > syn.sequence && segment.acknowledgment <= syn.sequenceEnd
    return isAnswer ? .isNewConnection : .belongsToOld
  }
}
