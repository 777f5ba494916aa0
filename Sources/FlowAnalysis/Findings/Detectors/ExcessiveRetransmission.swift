import FlowTracker

/// `excessive-retransmission`: an end tried again and again.
struct ExcessiveRetransmission: Detector {
  static let rule = FindingRule(
    id: "excessive-retransmission", severity: .warning,
    title: "the same bytes were sent five times or more",
    condition: """
      The same bytes are sent at least five times.
      """,
    advice: """
      The other host, or the way to it, is gone for longer than a moment; or it does not take these very \
      bytes: a segment that is too large for the path, or that a middlebox discards.
      """,
    references: ["RFC 9293 §3.8.3"])
  static let needs: Aspects = .irregular

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let repeats = Int(subject[irregularities: side].mostRepeats)
      guard repeats >= 4, let seen = subject.sightings(of: .timedRetransmission, by: side) else {
        return nil
      }
      return Finding(
        rule, blame: .unknown, frames: [seen.first, seen.last],
        "The \(side.name) sent the same bytes \(Quantity.count(repeats + 1)) times.")
    }
  }
}
