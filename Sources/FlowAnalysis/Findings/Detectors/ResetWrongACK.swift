import FlowTracker

/// `reset-wrong-ack`: a RST that refuses another SYN.
struct ResetWrongACK: FaultDetector {
  static let rule = FindingRule(
    id: "reset-wrong-ack", severity: .warning, title: "a RST answered another SYN",
    condition: """
      A RST with ACK towards an end in SYN-SENT that does not acknowledge its SYN.
      """,
    advice: """
      It is ignored, and the SYN goes on waiting for its answer. It was meant for an earlier attempt with \
      other numbers, or somebody who cannot see the SYN wants to cut the connection off.
      """,
    references: ["RFC 9293 §3.10.7.3"])
  static let fact: SegmentFacts? = .refusesOtherSYN

  static func blame(for side: Side) -> Finding.Blame { .unknown }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "RST")) of the \(side.name) did not acknowledge the SYN that "
      + "\(seen.count == 1 ? "it was" : "they were") to refuse: ignored."
  }
}
