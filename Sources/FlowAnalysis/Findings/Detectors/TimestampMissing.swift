import FlowTracker

/// `timestamp-missing`: an end leaves out what was agreed on.
struct TimestampMissing: FaultDetector {
  static let rule = FindingRule(
    id: "timestamp-missing", severity: .note, title: "timestamps were left out",
    condition: """
      Segments without a timestamp, RSTs apart, of a connection both of whose SYNs had one.
      """,
    advice: """
      Once agreed on, every segment must have one, and receivers may drop those that have none. A device on the \
      way that makes segments of its own, or strips options, looks like this.
      """,
    references: ["RFC 7323 §3.2"])
  static let fact: SegmentFacts? = .lacksTimestamp

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had no timestamp, although both ends had "
      + "agreed on them."
  }
}
