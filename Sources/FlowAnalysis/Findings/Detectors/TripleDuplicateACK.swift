import FlowTracker

/// `triple-duplicate-ack`: a receiver asked for what was lost.
struct TripleDuplicateACK: Detector {
  static let rule = FindingRule(
    id: "triple-duplicate-ack", severity: .note, title: "three duplicate acknowledgments in a row",
    condition: """
      Three or more acknowledgments in a row without data of what was acknowledged before, with the same \
      window and more than that outstanding.
      """,
    advice: """
      A segment was lost, or overtaken by three others or more; its sender repeats it at once and slows \
      down.
      """,
    references: ["RFC 5681 §3.2"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .duplicateACK

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let sent = subject[irregularities: side]
      guard sent.duplicateACKsInRow >= 3,
        let seen = subject.sightings(of: .duplicateACK, by: side)
      else { return nil }
      return Finding(
        rule, blame: .network, frames: [seen.first, seen.last],
        "The \(side.name) acknowledged the same bytes up to "
          + "\(Quantity.count(Int(sent.duplicateACKsInRow), "time")) in a row again: it lacked what "
          + "follows them.")
    }
  }
}
