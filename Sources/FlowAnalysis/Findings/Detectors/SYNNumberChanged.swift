import FlowTracker

/// `syn-isn-changed`: another SYN while the first one is unanswered.
struct SYNNumberChanged: Detector {
  static let rule = FindingRule(
    id: "syn-isn-changed", severity: .warning, title: "a second SYN had another number",
    condition: """
      A second SYN of the same end with another initial sequence number, while the first is \
      unanswered and no RST came between.
      """,
    advice: """
      The client has given up and tries again from the same port at once, a middlebox rewrites \
      sequence numbers, or somebody else sends in the client's name.
      """,
    references: ["RFC 9293 §3.5", "RFC 9293 §3.4.1"])
  static let needs: Aspects = .irregular

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let changes = subject.sightings(of: .changesInitialSequence, by: side) else {
        return nil
      }
      return Finding(
        rule, blame: .init(side),
        frames: [subject.report.first.frame, changes.first, changes.last],
        "The \(side.name) sent another SYN with another sequence number while the first one was "
          + "still unanswered.")
    }
  }
}
