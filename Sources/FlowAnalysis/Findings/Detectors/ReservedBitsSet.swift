import FlowTracker

/// `reserved-bits-set`: bits that mean nothing yet.
struct ReservedBitsSet: FaultDetector {
  static let rule = FindingRule(
    id: "reserved-bits-set", severity: .note, title: "reserved bits were set",
    condition: """
      A segment with one of the three reserved bits between data offset and flags.
      """,
    advice: """
      Receivers ignore them today. Some firewalls drop such segments; port scanners and experiments set \
      them.
      """,
    references: ["RFC 9293 §3.1"])
  static let fact: SegmentFacts? = .reservedBits

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had reserved bits set."
  }
}
