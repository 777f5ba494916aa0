import FlowTracker

/// `simultaneous-open`: two SYNs crossed.
struct SimultaneousOpen: Detector {
  static let rule = FindingRule(
    id: "simultaneous-open", severity: .note, title: "both ends opened at once",
    condition: "A SYN without ACK from both ends, and a SYN-ACK from both.",
    advice: """
      Rare and legal: peers do so on purpose to get through address translators. Neither end is a \
      client or server; synfin calls the first one the client.
      """,
    references: ["RFC 9293 §3.5"])

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.kind == .simultaneous else { return [] }
    return [
      Finding(
        rule, blame: .unknown,
        frames: Side.allCases.map { subject.history(of: $0).timeline.first?.frame },
        "Both ends opened the connection at once: their SYNs crossed.")
    ]
  }
}
