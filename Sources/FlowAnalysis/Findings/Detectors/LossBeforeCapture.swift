import FlowTracker

/// `loss-before-capture`: segments were lost on their way to the capture.
struct LossBeforeCapture: Detector {
  static let rule = FindingRule(
    id: "loss-before-capture", severity: .note, title: "segments were lost before the capture",
    condition: """
      Bytes are missing between others, and come in a segment that was sent after those that follow them.
      """,
    advice: """
      They were lost between their sender and the place of the capture: look for the fault there, and not \
      behind it.
      """,
    references: ["RFC 6298"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .repairsLoss

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .repairsLoss, by: side) else { return nil }
      return Finding(
        rule, blame: .network,
        frames: [subject.sightings(of: .gapBefore, by: side)?.first, seen.first, seen.last],
        "\(Quantity.count(seen.count, "segment")) of the \(side.name) had to be sent again before "
          + "the capture saw it: the first was lost between the \(side.name) and there.")
    }
  }
}
