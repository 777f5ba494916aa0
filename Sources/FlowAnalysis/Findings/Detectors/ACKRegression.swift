import FlowTracker

/// `ack-regression`: an end takes back what it has acknowledged.
struct ACKRegression: FaultDetector {
  static let rule = FindingRule(
    id: "ack-regression", severity: .note, title: "an acknowledgment went back",
    condition: """
      A segment that acknowledges less than its end has acknowledged before, though its timestamp or its \
      identification says that it was sent later.
      """,
    advice: """
      The receiver ignores the lower number. It happens where a device on the way answers for the end, \
      where one address stands for several hosts, or in a broken stack; a reordered segment is none.
      """,
    references: ["RFC 9293 §3.10.7.4"])
  static let fact: SegmentFacts? = .acknowledgesLess

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) acknowledged less than it had acknowledged before."
  }
}
