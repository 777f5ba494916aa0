import FlowTracker

/// `sack-reneging`: a receiver has thrown away what it had.
struct SACKReneging: FaultDetector {
  static let rule = FindingRule(
    id: "sack-reneging", severity: .note, title: "a receiver wants again what it had",
    condition: """
      An acknowledgment moves on to a byte that was acknowledged selectively before: who still had it would \
      acknowledge it too.
      """,
    advice: """
      Allowed, and seen of hosts that run out of memory: they drop what they hold behind a hole. The sender \
      has to send it all again.
      """,
    references: ["RFC 2018 §8"])
  static let fact: SegmentFacts? = .reneges

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) no longer had what it had acknowledged selectively: it wants that again."
  }
}
