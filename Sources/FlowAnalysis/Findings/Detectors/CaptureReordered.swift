import FlowTracker

/// `capture-reordered`: the capture has mixed up its frames.
struct CaptureReordered: FaultDetector {
  static let rule = FindingRule(
    id: "capture-reordered", severity: .note, title: "the capture mixed up frames",
    condition: "An acknowledgment stands less than a millisecond before what it acknowledges.",
    advice: """
      An effect cannot come before its cause: the capture has put frames of several queues or interfaces into \
      a wrong order. Orders and times between frames are not sure within that.
      """,
    references: [])
  static let fact: SegmentFacts? = .capturedLate

  static func blame(for side: Side) -> Finding.Blame { .capture }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The capture has \(Quantity.count(seen.count, "segment")) of the \(side.name) behind "
      + "\(seen.count == 1 ? "its acknowledgment" : "their acknowledgments")."
  }
}
