import PacketParser

// A server that answers one SYN by two numbers: it was restarted and forgot the first, or several hosts
// share its address. Which of the two the client took, its acknowledgment tells.
extension LiveConnection {
  /// Whether a SYN-ACK answers a SYN that was answered already by another number, of which the client has
  /// acknowledged nothing yet.
  func isOtherAnswer(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    guard segment.flags.contains(.ack), core.ends[own].state == .synReceived,
      core.ends[own].knows.isSuperset(of: [.initialSequence, .openedPassively]),
      segment.sequence != history.ends[own].initialSequence,
      core.ends[own].next == history.ends[own].initialSequence + 1,
      core.ends[peer].state == .established, !core.ends[peer].knows.contains(.acknowledged)
    else { return false }
    return segment.acknowledgment > history.ends[peer].initialSequence
      && segment.acknowledgment <= core.ends[peer].next
  }

  /// Remembers the latest such answer; nothing changes before the client has chosen.
  func noteOtherAnswer(_ segment: inout Segment, _ own: Int) {
    irregularities[own].otherAnswer = OtherAnswer(
      sequence: segment.sequence, window: segment.window, mark: FrameMark(segment))
  }

  /// The client acknowledges the other answer: that one opened the connection.
  func chooseAnswer(by segment: inout Segment, from client: Int) {
    let server = 1 - client
    guard core.traits.contains(.needsCare), let other = irregularities[server].otherAnswer,
      segment.flags.contains(.ack), core.ends[server].state == .synReceived
    else { return }
    irregularities[server].otherAnswer = nil
    guard segment.acknowledgment == other.sequence + 1 else { return }
    // It took none of the first.
    let last = history.ends[client].states.count - 1
    if last >= 0, presumedArrival(client, last) == .synACK { withdraw(client) }
    forgetNumbers(of: server)
    enter(.listen, server, other.mark, .implied)
    move(server, .sendsSYNACK, other.mark, .sent)
    core.ends[server].begin(at: other.sequence + 1)
    core.ends[server].knows.formUnion([.initialSequence, .acknowledged])
    core.ends[server].acknowledged = history.ends[client].initialSequence + 1
    history.ends[server].initialSequence = other.sequence
    _ = noteWindow(other.window, .syn, server)
    history.handshake.synACK = history.milestone(at: other.mark)
    history.handshake.lastSYNACK = history.handshake.synACK
    move(client, .receivesSYNACK, other.mark, .presumed)
  }
}

/// A SYN-ACK with another number than the one that is believed.
struct OtherAnswer: BitwiseCopyable {
  var sequence: SequenceNumber
  var window: UInt16
  var mark: FrameMark
}
