import FlowTracker

/// `window-slam`: an end shuts its window when its peer has closed.
struct WindowSlam: FaultDetector {
  static let rule = FindingRule(
    id: "window-slam", severity: .note, title: "the answer to a FIN shut the window",
    condition: "A window of 0 on a segment that acknowledges the FIN of its peer.",
    advice: """
      Nothing is to come any more from there, so it does no harm; small stacks do it, and scanners that do not \
      want to be answered.
      """,
    references: ["RFC 9293 §3.8.6"])
  static let fact: SegmentFacts? = .shutsWindowOnFIN

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) acknowledged the FIN of the \(side.peer.name) and shut its window."
  }
}
