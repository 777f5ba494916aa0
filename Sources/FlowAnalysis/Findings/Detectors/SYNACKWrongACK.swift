import FlowTracker

/// `synack-wrong-ack`: a SYN-ACK that answers no SYN.
struct SYNACKWrongACK: Detector {
  static let rule = FindingRule(
    id: "synack-wrong-ack", severity: .error, title: "a SYN-ACK acknowledged no SYN",
    condition: """
      A SYN-ACK whose acknowledgment number lies outside of what the SYN before it has sent, where only \
      one SYN was outstanding.
      """,
    advice: """
      The client must answer it by a RST and go on waiting. It comes of a broken stack, of a device that \
      keeps state for both ends and mixes connections up, or of somebody who forges answers.
      """,
    references: ["RFC 9293 §3.10.7.3"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .wrongAcknowledgment
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard let syn = subject.handshake.syn,
      let seen = subject.sightings(of: .wrongAcknowledgment, by: .server),
      // It may answer a SYN of before.
      subject.sightings(of: .changesInitialSequence, by: .client) == nil,
      subject.predecessor == .none, !answersOldSYN(subject),
      !subject.reached(.synSent, .server)
    else { return [] }
    return [
      Finding(
        rule, blame: .server, frames: [syn.frame, seen.first, seen.last],
        "The server's SYN-ACK acknowledged something else than the client's SYN, so the client must "
          + "reject it.")
    ]
  }

  /// The server had another SYN before, which the capture lacks (RFC 9293 §3.5, figure 8).
  private static func answersOldSYN(_ subject: Subject) -> Bool {
    subject.handshake.traits.contains(.rejectedAnswer) && subject.handshake.outcome == .complete
  }
}
