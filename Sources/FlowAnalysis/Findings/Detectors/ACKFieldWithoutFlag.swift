import FlowTracker

/// `ack-field-without-flag`: a field that nobody reads.
struct ACKFieldWithoutFlag: FaultDetector {
  static let rule = FindingRule(
    id: "ack-field-without-flag", severity: .note,
    title: "an acknowledgment number stood without ACK",
    condition: "A segment without ACK whose acknowledgment number is not 0.",
    advice: """
      Without effect: receivers do not look at the field. It tells of a stack that does not clear it, or \
      of packets made by hand, as port scanners do.
      """,
    references: ["RFC 9293 §3.1"])
  static let fact: SegmentFacts? = .acknowledgmentAlone

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had an acknowledgment number, but no ACK."
  }
}
