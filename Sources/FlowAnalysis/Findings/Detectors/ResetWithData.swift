import FlowTracker

/// `reset-with-data`: a RST that may say why.
struct ResetWithData: FaultDetector {
  static let rule = FindingRule(
    id: "reset-with-data", severity: .note, title: "a RST had payload",
    condition: "A RST with payload.",
    advice: """
      Allowed: some stacks say there in words why they reset the connection, so read it. A RST made by \
      hand may have it by mistake.
      """,
    references: ["RFC 9293 §3.5.3"])
  static let fact: SegmentFacts? = .resetWithPayload

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) sent payload on a RST, which may say why."
  }
}
