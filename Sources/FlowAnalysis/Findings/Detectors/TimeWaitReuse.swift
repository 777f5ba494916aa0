import FlowTracker

/// `time-wait-reuse`: the same ports again, soon after a close.
struct TimeWaitReuse: Detector {
  static let rule = FindingRule(
    id: "time-wait-reuse", severity: .note, title: "ports were used again within TIME-WAIT",
    condition: """
      A SYN of a tuple whose last connection was closed by both ends less than 60 seconds before, \
      answered by a SYN-ACK.
      """,
    advice: """
      Legal where the new sequence number or timestamp is higher than the old ones. Many of them mean \
      that a client runs out of ports.
      """,
    references: ["RFC 9293 §3.6.1", "RFC 6191"])
  static let needs: Aspects = [.answered, .reused]

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.predecessor == .timeWait, let synACK = subject.handshake.synACK else { return [] }
    return [
      Finding(
        rule, blame: .client, frames: [subject.handshake.syn?.frame, synACK.frame],
        "The same addresses and ports had been used by a connection that was closed less than a "
          + "minute before.")
    ]
  }
}
