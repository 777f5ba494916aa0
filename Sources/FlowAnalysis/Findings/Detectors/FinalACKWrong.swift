import FlowTracker

/// `final-ack-wrong`: what was to complete the handshake acknowledges something else.
struct FinalACKWrong: Detector {
  static let rule = FindingRule(
    id: "final-ack-wrong", severity: .warning,
    title: "an ACK in the handshake acknowledged something else",
    condition: """
      While the server waits for the acknowledgment of its SYN-ACK, a segment of the client whose \
      acknowledgment number is not after the server's initial sequence number, or far beyond what it has \
      sent.
      """,
    advice: """
      The server must answer it by a RST and go on waiting. It is left over from a connection of the same \
      ports, or was made by somebody who sees the client's segments only or would mislead a firewall.
      """,
    references: ["RFC 9293 §3.10.7.4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .wrongAcknowledgment

  static func judge(_ subject: Subject) -> [Finding] {
    guard let synACK = subject.handshake.synACK,
      let seen = subject.sightings(of: .wrongAcknowledgment, by: .client)
    else { return [] }
    return [
      Finding(
        rule, blame: .client, frames: [synACK.frame, seen.first, seen.last],
        "While the server waited for the handshake to be completed, the client acknowledged something "
          + "that the server had not sent.")
    ]
  }
}
