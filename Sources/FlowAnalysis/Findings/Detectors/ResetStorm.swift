import FlowTracker

/// `reset-storm`: one RST after the other.
struct ResetStorm: Detector {
  static let rule = FindingRule(
    id: "reset-storm", severity: .warning, title: "RSTs came in a burst",
    condition: """
      At least 10 RSTs of one end within a second, the first one of a connection that was ordinary until then \
      not counted.
      """,
    advice: """
      One RST ends a connection. A burst of them answers a peer that goes on (each of its segments draws one), \
      or comes from a device that would hit the window with one of many.
      """,
    references: ["RFC 9293 §3.10.7.1", "RFC 5961 §3"])
  static let needs: Aspects = .irregular

  private static let fewest = 10

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let most = Int(subject[irregularities: side].mostResetsInSecond)
      guard most >= fewest else { return nil }
      return Finding(
        rule, blame: .init(side),
        frames: [subject.closing.reset?.frame, subject.report.last.frame],
        "The \(side.name) sent at least \(most) RSTs within a second.")
    }
  }
}
