import FlowTracker

/// `zero-window-probe`: a sender asked whether the window is open again.
struct ZeroWindowProbe: Detector {
  static let rule = FindingRule(
    id: "zero-window-probe", severity: .note, title: "a shut window was probed",
    condition: """
      A segment of at most one byte, the next one or the one before, towards an end that has shut \
      its window.
      """,
    advice: "Legal, and needed: the segment that opens the window again may be lost.",
    references: ["RFC 9293 §3.8.6.1"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .probe

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard subject[irregularities: side.peer].zeroWindows > 0,
        let seen = subject.sightings(of: .probe, by: side)
      else { return nil }
      return Finding(
        rule, blame: .init(side.peer), frames: [seen.first, seen.last],
        "The \(side.name) had to ask \(Quantity.count(seen.count, "time")) whether the "
          + "\(side.peer.name)'s window was open again.")
    }
  }
}
