import FlowTracker

/// `port-reuse-ambiguous`: the same ports again, and no sign that they were free.
struct PortReuseAmbiguous: Detector {
  static let rule = FindingRule(
    id: "port-reuse-ambiguous", severity: .warning, title: "ports were used again while in use",
    condition: """
      A new connection of a tuple whose last connection was neither closed nor reset in the capture.
      """,
    advice: """
      The client's host was restarted or has given the old connection up, the capture lacks its end, \
      or two hosts share one address.
      """,
    references: ["RFC 9293 §3.4.3", "RFC 9293 §3.5.1"])
  static let needs: Aspects = [.answered, .reused]

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.predecessor == .open, subject.handshake.synACK != nil else { return [] }
    return [
      Finding(
        rule, blame: .client, frames: [subject.handshake.syn?.frame, subject.report.first.frame],
        "A new connection began although nothing had shown that the last one of the same addresses "
          + "and ports was over.")
    ]
  }
}
