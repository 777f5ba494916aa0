import FlowTracker

/// `simultaneous-close`: two FINs crossed.
struct SimultaneousClose: Detector {
  static let rule = FindingRule(
    id: "simultaneous-close", severity: .note, title: "both ends closed at once",
    condition: "Each FIN was sent before its sender had acknowledged the other one.",
    advice: "Legal. Both ends pass through CLOSING and wait in TIME-WAIT afterwards.",
    references: ["RFC 9293 §3.6"])
  static let needs: Aspects = .fin

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.close.kind == .simultaneous else { return [] }
    return [
      Finding(
        rule, blame: .unknown, frames: Side.allCases.map { subject.history(of: $0).fin?.frame },
        "Both ends closed at once: their FINs crossed.")
    ]
  }
}
