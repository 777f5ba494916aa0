import FlowTracker

/// `fin-without-ack-flag`: a FIN that its receiver drops.
struct FINWithoutACK: FaultDetector {
  static let rule = FindingRule(
    id: "fin-without-ack-flag", severity: .warning, title: "a FIN had no ACK",
    condition: "A FIN without ACK from an end whose handshake is over.",
    advice: """
      Every segment of an open connection has ACK, and receivers drop those without. Port scanners send \
      such FINs, and broken stacks: if it was the only one, the connection stays open at the other end.
      """,
    references: ["RFC 9293 §3.1", "RFC 9293 §3.10.7.4"])
  static let fact: SegmentFacts? = .lacksACKOnFIN

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) sent a FIN without ACK, which its peer is to drop: it closes nothing."
  }
}
