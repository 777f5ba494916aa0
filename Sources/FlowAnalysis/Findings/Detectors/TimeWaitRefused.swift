import FlowTracker

/// `time-wait-refused`: a SYN for a connection that had just been closed was turned away.
struct TimeWaitRefused: Detector {
  static let rule = FindingRule(
    id: "time-wait-refused", severity: .warning, title: "TIME-WAIT turned a SYN away",
    condition: """
      A SYN with new numbers on a tuple that both ends had closed less than 60 seconds before, which was \
      answered by an acknowledgment of the old connection or by a RST, or not at all for a second.
      """,
    advice: """
      The end that closed first keeps the ports for a minute, and takes a new SYN only if its number or \
      timestamp is higher than the old ones. Let the client use other ports, or close first where that \
      costs least; a device that rewrites numbers or timestamps does such damage too.
      """,
    references: ["RFC 9293 §3.6.1", "RFC 1337", "RFC 6191"])
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    if subject.predecessor == .timeWait { return refusal(of: subject).map { [$0] } ?? [] }
    guard subject.facts.contains(.synOnSynchronized) else { return [] }
    return answersForOld(subject)
  }

  /// The SYN has an entry of its own, and opened nothing.
  private static func refusal(of subject: Subject) -> Finding? {
    guard let syn = subject.handshake.syn else { return nil }
    let how: String
    var certainty = Finding.Certainty.likely
    switch subject.handshake.outcome {
    case .refused: how = "and the server answered by a RST."
    case .unanswered where subject.handshake.traits.contains(.rejectedOldACK):
      how = "and the server answered for the old connection instead of opening a new one."
      certainty = .proven
    case .unanswered where subject.captureWentOn(after: syn) >= Subject.retransmissionTime:
      how = "and got no answer."
    default: return nil
    }
    return Finding(
      rule, .warning, certainty, blame: .unknown,
      frames: [syn.frame, subject.report.close.reset?.mark.frame],
      "The client sent a SYN from ports whose last connection had just been closed, \(how)")
  }

  /// The SYN was turned away by the old connection.
  private static func answersForOld(_ subject: Subject) -> [Finding] {
    guard subject.closing.isComplete, subject.report.endReason != .replaced else { return [] }
    return Side.allCases.compactMap { side in
      guard let seen = subject.synAfterClose(of: side) else { return nil }
      let challenge = subject.sightings(of: .challengeACK, by: side.peer)
        .flatMap { $0.last > seen.first ? $0.last : nil }
      let went = subject.captureWentOn(after: subject.report.last)
      guard challenge != nil || went >= Subject.retransmissionTime else { return nil }
      return Finding(
        rule, .warning, challenge == nil ? .likely : .proven, blame: .unknown,
        frames: [seen.first, seen.last, challenge],
        "The \(side.name) sent a SYN from ports whose last connection had just been closed, and "
          + (challenge == nil
            ? "got no answer."
            : "the \(side.peer.name) answered for the old connection instead of opening a new one.")
      )
    }
  }
}
