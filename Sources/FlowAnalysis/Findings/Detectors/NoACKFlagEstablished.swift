import FlowTracker

/// `no-ack-flag-established`: what comes without ACK is dropped.
struct NoACKFlagEstablished: FaultDetector {
  static let rule = FindingRule(
    id: "no-ack-flag-established", severity: .warning,
    title: "segments of an open connection had no ACK",
    condition: """
      Segments without ACK, SYN, FIN and RST from an end whose handshake is over.
      """,
    advice: """
      Every segment of an open connection has ACK, and receivers drop those without. Port scanners and \
      hand-made packets lack it, and broken stacks.
      """,
    references: ["RFC 9293 §3.1", "RFC 9293 §3.10.7.4"])
  static let fact: SegmentFacts? = .lacksACK

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had no ACK, which the \(side.peer.name) is to drop."
  }
}
