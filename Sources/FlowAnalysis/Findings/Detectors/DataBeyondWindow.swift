import FlowTracker

/// `data-beyond-window`: a sender did not keep to the window.
struct DataBeyondWindow: Detector {
  static let rule = FindingRule(
    id: "data-beyond-window", severity: .warning, title: "data went beyond the window",
    condition: """
      New payload ends more than a byte, and more than the unit of its scale, beyond what its receiver has \
      acknowledged and offered.
      """,
    advice: """
      Its receiver drops what is too much (Linux counts it as TCPRcvQDrop). Where both ends are sound, a \
      device between them changes windows or their scale, or the capture lacks an acknowledgment.
      """,
    references: ["RFC 9293 §3.8.6", "RFC 9293 §3.10.7.4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .exceedsWindow

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .exceedsWindow, by: side) else { return nil }
      // What was under way when a window shrank did keep to it.
      let mayHaveBeenRight =
        subject.mayLackFrames || subject.sightings(of: .shrinksWindow, by: side.peer) != nil
      return Finding(
        rule, blame: .init(side), frames: [seen.first, seen.last],
        "The \(side.name) sent beyond the window of the \(side.peer.name) in "
          + "\(Quantity.count(seen.count, "segment"))."
      )
      .censored(if: mayHaveBeenRight)
    }
  }
}
