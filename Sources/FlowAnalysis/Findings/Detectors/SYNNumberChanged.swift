import FlowTracker

/// `syn-isn-changed`: another SYN while the first one is unanswered.
struct SYNNumberChanged: Detector {
  static let rule = FindingRule(
    id: "syn-isn-changed", severity: .warning, title: "a second SYN had another number",
    condition: """
      A second SYN of the client with another initial sequence number, while the first is \
      unanswered and no RST came between.
      """,
    advice: """
      The client has given up and tries again from the same port at once, a middlebox rewrites \
      sequence numbers, or somebody else sends in the client's name.
      """,
    references: ["RFC 9293 §3.5", "RFC 9293 §3.4.1"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .changesInitialSequence

  static func judge(_ subject: Subject) -> [Finding] {
    guard let changes = subject.sightings(of: .changesInitialSequence, by: .client) else {
      return []
    }
    return [
      Finding(
        rule, blame: .client,
        frames: [subject.report.first.frame, changes.first, changes.last],
        "The client sent another SYN with another sequence number while the first one was still "
          + "unanswered.")
    ]
  }
}
