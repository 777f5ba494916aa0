import FlowTracker

/// `silly-window`: a receiver opens its window by crumbs.
struct SillyWindow: Detector {
  static let rule = FindingRule(
    id: "silly-window", severity: .note, title: "a window opened by little",
    condition: """
      At least three times a window that is smaller than the maximum segment size, half of the largest window \
      and 4,096 bytes opens by less than that, by more than the unit of its scale, and is not shut.
      """,
    advice: """
      Each such opening invites a small segment, until hardly anything but headers is sent (the silly window \
      syndrome). A receiver should wait until it has room for a full segment or half of its buffer.
      """,
    references: ["RFC 9293 §3.8.6.2.2", "RFC 813"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .opensWindowSlightly

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .opensWindowSlightly, by: side), seen.count >= 3 else {
        return nil
      }
      return Finding(
        rule, blame: .init(side), frames: [seen.first, seen.last],
        "The \(side.name) opened its small window by less than a segment "
          + "\(Quantity.count(seen.count, "time")).")
    }
  }
}
