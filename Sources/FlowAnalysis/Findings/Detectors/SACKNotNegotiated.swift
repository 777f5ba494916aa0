import FlowTracker

/// `sack-not-negotiated`: SACK without permission.
struct SACKNotNegotiated: FaultDetector {
  static let rule = FindingRule(
    id: "sack-not-negotiated", severity: .warning,
    title: "selective acknowledgments were not agreed on",
    condition: """
      A selective acknowledgment to an end whose SYN or SYN-ACK has no SACK-permitted option.
      """,
    advice: """
      The peer ignores it at best. A device on the way that takes the option out of SYNs, and a host \
      that believes it was there, look like this.
      """,
    references: ["RFC 2018 §2"])
  static let fact: SegmentFacts? = .unnegotiatedSACK

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) acknowledged selectively, which the \(side.peer.name) had not offered to understand."
  }
}
