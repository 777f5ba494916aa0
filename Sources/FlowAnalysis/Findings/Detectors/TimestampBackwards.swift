import FlowTracker

/// `timestamp-backwards`: what its receiver takes for an old copy.
struct TimestampBackwards: FaultDetector {
  static let rule = FindingRule(
    id: "timestamp-backwards", severity: .warning, title: "timestamps went backwards",
    condition: """
      A segment that brings the next bytes of its end, with a timestamp that is older than one before it.
      """,
    advice: """
      Its receiver takes it for an old copy and drops it (PAWS), so the transfer hangs. Several hosts behind one \
      address, a device that rewrites timestamps of some segments only, or a clock that was set back do this.
      """,
    references: ["RFC 7323 §5"])
  static let fact: SegmentFacts? = .timestampBackwards

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had new data and an older timestamp than "
      + "before: a receiver that follows the RFC drops what is so."
  }
}
