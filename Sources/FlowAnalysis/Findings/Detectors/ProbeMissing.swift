import FlowTracker

/// `probe-missing`: a sender waited for a window without asking.
struct ProbeMissing: Detector {
  static let rule = FindingRule(
    id: "probe-missing", severity: .warning, title: "a shut window was not probed",
    condition: """
      A window is shut for at least 5 seconds in which its peer sends nothing at all, and within 200 \
      milliseconds after it opens new data come: they were waiting.
      """,
    advice: """
      If the segment that opens a window is lost, and nobody asks, both ends wait for ever. The sender's stack \
      lacks the persist timer, or the capture lacks its probes.
      """,
    references: ["RFC 9293 §3.8.6.1", "RFC 2525 §2.12"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .zeroWindow
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let spell = subject[irregularities: side].shutWindow.longestUnprobedNanoseconds
      guard spell > 0, let seen = subject.sightings(of: .zeroWindow, by: side) else { return nil }
      return Finding(
        rule, blame: .init(side.peer), frames: [seen.first, seen.last],
        "The \(side.peer.name) had data and did not ask for \(Quantity.duration(nanoseconds: spell)) "
          + "whether the window of the \(side.name) was open again."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
