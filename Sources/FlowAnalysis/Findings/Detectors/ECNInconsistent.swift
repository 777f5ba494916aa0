import FlowTracker

/// `ecn-inconsistent`: congestion signals that were not agreed on.
struct ECNInconsistent: FaultDetector {
  static let rule = FindingRule(
    id: "ecn-inconsistent", severity: .note, title: "congestion was signalled without agreement",
    condition: """
      ECE or CWR on a segment without SYN and RST, although the SYNs of both ends show that they have not \
      agreed on ECN.
      """,
    advice: """
      The peer ignores it. A device on the way has removed the flags from a SYN, or sets them later; else the \
      stack is broken.
      """,
    references: ["RFC 3168 §6.1"])
  static let fact: SegmentFacts? = .unnegotiatedECN

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had ECE or CWR, which the two have not "
      + "agreed on."
  }
}
