import FlowTracker

/// `identity-changed`: two systems speak in the name of one end.
struct IdentityChanged: Detector {
  static let rule = FindingRule(
    id: "identity-changed", severity: .note, title: "an end seems to be two",
    condition: """
      The time to live of an end's FIN differs by 16 or more from that of its SYN (or of the first segment, \
      where that is its own) and must have started from another value: systems start from 32, 64, 128 or 255.
      """,
    advice: """
      Something answers in the name of that end. A firewall or a load balancer that makes the handshake itself \
      and then hands the connection over is harmless, and explains why timestamps or options differ too; \
      otherwise the FIN may be forged. Capture nearer to that end.
      """,
    references: ["RFC 4987 §3.8", "RFC 1122 §3.2.1.7"])
  static let needs: Aspects = .fin

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side -> Finding? in
      let history = subject.history(of: side)
      guard history.finIsForeign, let first = history.hopLimit, let last = history.finHopLimit
      else {
        return nil
      }
      let opening = side == .client ? subject.handshake.syn : subject.handshake.synACK
      let firstOwn = subject.report.firstSender == side ? subject.report.first : nil
      return Finding(
        rule, nil, .possible, blame: .unknown,
        frames: [(opening ?? firstOwn)?.frame, history.fin?.frame],
        "The \(side.name) seems to be two: its time to live was \(first) at first and \(last) at its FIN."
      )
    }
  }
}
