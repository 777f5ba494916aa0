import FlowTracker

/// `one-sided`: only one direction was captured.
struct OneSided: Detector {
  static let rule = FindingRule(
    id: "one-sided", severity: .warning, title: "only one direction was captured",
    condition: """
      All segments of a connection come from one end, and yet their acknowledgments show that the \
      other end sends.
      """,
    advice: """
      The other direction takes another way, or the mirror port sends only one. What is said of the \
      connection rests on half of it: capture where both directions pass.
      """,
    references: [])
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.isOneSided else { return [] }
    let side: Side = subject[.client].packets > 0 ? .client : .server
    return [
      Finding(
        rule, blame: .capture, frames: [subject.report.first.frame, subject.report.last.frame],
        "Only the \(side.name)'s segments were captured: what is said of the other end is inferred."
      )
    ]
  }
}
