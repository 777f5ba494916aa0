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

  func decide(on segment: inout Segment, from sender: Side) -> SYNDecision {
    let own = core.ends[Int(sender.rawValue)]
    let peer = core.ends[Int(sender.peer.rawValue)]
    let isKnown = own.knows.contains(.initialSequence)
    if isKnown, segment.sequence == history.ends[Int(sender.rawValue)].initialSequence {
      // A late copy, as a rule; but whoever chooses his numbers badly may use them again.
      let isOver = history.closing.isComplete
      return isOver && !segment.flags.contains(.ack) ? .awaitAnswer : .sameConnection
    }
    if segment.flags.contains(.ack) {
      // A SYN-ACK of other numbers begins something new only where the old has ended, or where the
      // capture does not show the side that would say so.
      let hasEnded =
        core.stage == .closed || own.knows.contains(.fin) && !peer.knows.contains(.hasSent)
      return isKnown && hasEnded ? .newIncarnation : .sameConnection
    }
    // TIME-WAIT may refuse it (RFC 9293 §3.10.7.4).
    if peer.state == .timeWait { return .awaitAnswer }
    if core.stage == .closed { return .newIncarnation }
    if own.state == .closed {
      // The other end may not know of it (RFC 9293 §3.5.1, half-open).
      return peer.state?.isSynchronized == true ? .awaitAnswer : .newIncarnation
    }
    let isUnanswered = peer.state == nil && own.state == .synSent
    let hasNotSpoken = own.state == nil
    return isUnanswered || hasNotSpoken ? .sameConnection : .awaitAnswer
  }

  /// What the next connection of the tuple finds.
  func asPredecessor(wasOverdue: Bool) -> Predecessor {
    if wasOverdue { return .expired }
    if history.closing.isComplete { return .timeWait }
    guard history.closing.reset != .none else { return .open }
    let isRejected =
      history.handshake.traits.contains(.aborted) && history.closing.resetBy == .client
      && !history.closing.isAbort
    return isRejected ? .rejected : .reset
  }

  /// Counts a SYN that strayed into this connection, as often as it came.
  func count(_ straying: StrayingSYN) {
    let own = Int(straying.sender.rawValue)
    core.ends[own].knows.insert(.hasSent)
    core.traffic[own].packets &+= straying.count
    core.traffic[own].bytes &+= straying.bytes
    core.traffic[own].payload &+= straying.payload
    core.traits.insert(.sawSYN)
  }

  /// A SYN that nobody has answered may be a stray after all.
  func presumeOpening() {
    let own = Int(history.firstSender.rawValue)
    guard history.ends[own].states.count == 1, let entry = history.ends[own].states.last else {
      return
    }
    history.ends[own].states.withdrawLast()
    history.ends[own].states.append(.init(entry.state, entry.milestone, .presumed, nil))
  }

  /// Counts the repeats of the SYN that this connection began with, which came before its answer.
  func countRepeats(of straying: StrayingSYN) {
    guard straying.count > 1 else { return }
    let own = Int(history.firstSender.rawValue)
    core.traffic[own].packets &+= straying.count - 1
    core.traffic[own].bytes &+= straying.bytes &- UInt64(straying.syn.packetLength)
    core.traffic[own].payload &+= straying.payload &- UInt64(straying.syn.payloadLength)
    core.last = straying.last
    history.handshake.lastSYN = history.milestone(at: straying.last)
  }
}

/// A SYN with other numbers, on a connection that both ends believe to be open, that waits for its
/// answer.
struct StrayingSYN {
  let syn: Segment
  let sender: Side
  /// The last frame before it.
  let before: FrameMark
  /// How often it came, the bytes and the payload of all, and the latest frame.
  private(set) var count: UInt64 = 1
  private(set) var bytes: UInt64
  private(set) var payload: UInt64
  private(set) var last: FrameMark
  /// Nothing speaks against its being an attempt of its own: it has other numbers than the
  /// connection, and the peer sent no bare ACK that may be a challenge (RFC 5961 §4).
  private(set) var isAttempt: Bool
  /// What the peer has acknowledged since, of the connection before.
  private var acknowledged: SequenceNumber?
  /// Its sender has reset what it strayed into: it will try again (RFC 9293 §3.5.1, figure 9).
  private(set) var hasReset = false
  /// It has the number of the SYN that began the connection.
  let isCopy: Bool
  /// SYN-SENT waits for a second until it sends its SYN again (RFC 6298 §2.1); a copy that has gone
  /// astray comes once, or at once.
  private static let retransmissionTime: Int64 = 1_000_000_000

  /// Whether it is more likely an attempt of its own than a stray, as long as only challenges have
  /// answered it.
  var mayBegin: Bool { isAttempt || !isCopy && (hasReset || isRepeated) }
  /// Nothing speaks for either.
  var isAlone: Bool { !hasReset && !isRepeated }
  private var isRepeated: Bool {
    last.time.nanoseconds(since: syn.time) >= Self.retransmissionTime * 9 / 10
  }

  init(_ syn: Segment, from sender: Side, after before: FrameMark, isCopy: Bool) {
    isAttempt = !isCopy
    self.isCopy = isCopy
    self.syn = syn
    self.sender = sender
    self.before = before
    bytes = UInt64(syn.packetLength)
    payload = UInt64(syn.payloadLength)
    last = FrameMark(syn)
  }

  /// Takes in the same SYN again.
  mutating func repeats(_ segment: Segment) {
    count += 1
    bytes &+= UInt64(segment.packetLength)
    payload &+= UInt64(segment.payloadLength)
    last = FrameMark(segment)
  }

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
  mutating func verdict(after segment: Segment, from other: Side) -> Verdict {
    if isRepeated(by: segment, from: other) { return .undecided }
    let hasACK = segment.flags.contains(.ack)
    if other == sender {
      if segment.flags.contains(.rst), !hasACK {
        // It answers what the other end sends to the connection before (RFC 9293 §3.10.7.3), or is
        // older than the SYN.
        if segment.sequence == acknowledged { hasReset = true }
        return .undecided
      }
      // Where only its side is captured, it goes on by the new numbers after an answer unseen.
      let goesOn =
        hasACK && isAttempt && segment.flags.isDisjoint(with: [.syn, .rst])
        && segment.sequence == syn.sequenceEnd
      return goesOn ? .isNewConnection : .belongsToOld
    }
    if hasACK, !segment.flags.isDisjoint(with: [.syn, .rst]),
      segment.acknowledgment > syn.sequence, segment.acknowledgment <= syn.sequenceEnd
    {
      return .isNewConnection
    }
    if hasACK { acknowledged = segment.acknowledgment }
    // What the peer sent before the SYN reached it says nothing.
    let isBare = segment.payloadLength == 0 && segment.flags.isDisjoint(with: [.syn, .fin, .rst])
    if hasACK, isBare { isAttempt = false }
    return .undecided
  }
}
