import FlowTracker

/// `unsolicited-synack`: an answer to a SYN that nobody sent.
struct UnsolicitedSYNACK: Detector {
  static let rule = FindingRule(
    id: "unsolicited-synack", severity: .note, title: "a SYN-ACK answered no SYN",
    condition: """
      A SYN-ACK for which no SYN was seen although the capture had run for at least a second, and \
      which nothing but a RST answered.
      """,
    advice: """
      Somebody has sent SYNs with this address as a forged source (backscatter), or scans with \
      SYN-ACKs. If it happens with many connections, the capture sees only one direction.
      """,
    references: ["RFC 9293 §3.10.7.1"])
  static let needs: Aspects = .answered
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.rolesEvidence == .synACK, subject.handshake.syn == nil,
      subject.handshake.outcome != .complete, let synACK = subject.handshake.synACK,
      subject.captureHadRun >= Subject.retransmissionTime
    else { return [] }
    return [
      Finding(
        rule, .note, .likely, blame: .unknown, frames: [synACK.frame],
        "The server sent a SYN-ACK to a host that had sent no SYN: most likely somebody used its "
          + "address.")
    ]
  }
}
