import FlowTracker

/// `simultaneous-open`: two SYNs crossed.
struct SimultaneousOpen: Detector {
  static let rule = FindingRule(
    id: "simultaneous-open", severity: .note, title: "both ends opened at once",
    condition:
      "A SYN without ACK from both ends, and a SYN-ACK from both; or from the one end that is both.",
    advice: """
      Rare and legal: peers do so on purpose to get through address translators. Neither end is a \
      client or server; synfin calls the first one the client. A socket that is connected to itself \
      comes of a program that keeps trying a port of its own host where nobody listens, until it gets \
      that port for its own.
      """,
    references: ["RFC 9293 §3.5"])
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.kind == .simultaneous else { return [] }
    if subject.report.client == subject.report.server {
      guard subject.report.isOneSocket else { return [] }
      return [
        Finding(
          rule, blame: .client, frames: [subject.handshake.syn?.frame],
          "The socket is connected to itself: nobody listened, and its SYN came back to its own port."
        )
      ]
    }
    return [
      Finding(
        rule, blame: .unknown,
        frames: Side.allCases.map { subject.history(of: $0).timeline.first?.frame },
        "Both ends opened the connection at once: their SYNs crossed.")
    ]
  }
}
