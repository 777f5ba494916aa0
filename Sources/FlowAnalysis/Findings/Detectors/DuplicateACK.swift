import FlowTracker

/// `duplicate-ack`: a receiver asked for what it lacks.
struct DuplicateACK: Detector {
  static let rule = FindingRule(
    id: "duplicate-ack", severity: .note, title: "the same was acknowledged again",
    condition: """
      An acknowledgment without data of what was acknowledged before, with the same window and more than \
      that outstanding; fewer than three in a row.
      """,
    advice: """
      Something was missing at the receiver for a moment: a segment was lost, or overtaken by others.
      """,
    references: ["RFC 5681 §2"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .duplicateACK
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let sent = subject[irregularities: side]
      guard (1..<3).contains(sent.duplicateACKsInRow),
        let seen = subject.sightings(of: .duplicateACK, by: side)
      else { return nil }
      return Finding(
        rule, blame: .network, frames: [seen.first, seen.last],
        "The \(side.name) acknowledged the same bytes again "
          + "\(Quantity.count(Int(sent.duplicateACKs), "time")), while more was outstanding.")
    }
  }
}
