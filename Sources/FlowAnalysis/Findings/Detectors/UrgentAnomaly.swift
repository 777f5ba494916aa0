import FlowTracker

/// `urgent-anomaly`: a pointer that nobody reads.
struct UrgentAnomaly: FaultDetector {
  static let rule = FindingRule(
    id: "urgent-anomaly", severity: .note, title: "an urgent pointer stood without URG",
    condition: "A segment without URG whose urgent pointer is not 0.",
    advice: """
      Without effect: receivers do not look at the field. It tells of a stack that does not clear it, of \
      a hidden channel, or of packets made by hand.
      """,
    references: ["RFC 9293 §3.1", "RFC 9293 §3.8.5"])
  static let fact: SegmentFacts? = .urgentPointerAlone

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had an urgent pointer, but no URG."
  }
}
