import FlowTracker

/// `dsack`: an end reports what came twice.
struct DSACK: FaultDetector {
  static let rule = FindingRule(
    id: "dsack", severity: .note, title: "a receiver said that data came twice",
    condition: """
      A selective acknowledgment whose first block is acknowledged already, or lies within the second.
      """,
    advice: """
      Bytes were sent again that had arrived (a timer or a fast retransmission that was too early), or \
      the network delivered a copy. One is nothing; many waste bandwidth: look at reordering and at \
      retransmission-spurious.
      """,
    references: ["RFC 2883 §4"])
  static let fact: SegmentFacts? = .reportsDuplicate

  static func blame(for side: Side) -> Finding.Blame { .unknown }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) said in \(Quantity.count(seen.count, "segment")) that data had come twice."
  }
}
