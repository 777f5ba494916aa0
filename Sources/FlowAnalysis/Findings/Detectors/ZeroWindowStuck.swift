import FlowTracker

/// `zero-window-stuck`: the window stayed shut.
struct ZeroWindowStuck: Detector {
  static let rule = FindingRule(
    id: "zero-window-stuck", severity: .error, title: "a window stayed shut",
    condition: """
      The last window of an end is 0 on a connection that is still open, and the capture goes on for \
      at least 60 seconds.
      """,
    advice:
      "The program at that end does not read any more: it hangs, or waits for something else.",
    references: ["RFC 9293 §3.8.6.1"])
  static let needs: Aspects = [.irregular, .open]
  static let fact: SegmentFacts? = .zeroWindow
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    let silence = subject.captureWentOn(after: subject.report.last)
    guard subject.wasOpen, subject.report.close.reset == nil, !subject.closing.isComplete,
      silence >= Subject.idleTime
    else { return [] }
    return Side.allCases.compactMap { side in
      guard subject[side].window == 0, let seen = subject.sightings(of: .zeroWindow, by: side)
      else { return nil }
      return Finding(
        rule, blame: .init(side), frames: [seen.first, seen.last],
        "The window of the \(side.name) stays shut, \(Quantity.duration(nanoseconds: silence)) after the "
          + "last segment: its program does not read."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
