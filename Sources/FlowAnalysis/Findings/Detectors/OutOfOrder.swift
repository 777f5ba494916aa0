import FlowTracker

/// `out-of-order`: the network mixed up the order of segments.
struct OutOfOrder: Detector {
  static let rule = FindingRule(
    id: "out-of-order", severity: .note, title: "segments came out of order",
    condition: """
      A segment brings bytes that later ones have overtaken, and was sent before these: its time stamp or \
      identification says so, or it comes sooner than a repeat could.
      """,
    advice: """
      Segments took several ways: load balancing packet by packet, a link that repeats frames. Nothing was \
      lost, but the receiver asks for what it believes to be, and the sender may slow down.
      """,
    references: ["RFC 9293 §3.4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .outOfOrder

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .outOfOrder, by: side) else { return nil }
      return Finding(
        rule, blame: .network, frames: [seen.first, seen.last],
        "\(Quantity.count(seen.count, "segment")) of the \(side.name) came after later ones had "
          + "overtaken them.")
    }
  }
}
