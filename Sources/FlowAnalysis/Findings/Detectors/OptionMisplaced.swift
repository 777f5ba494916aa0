import FlowTracker

/// `option-misplaced`: an option that only a SYN may have.
struct OptionMisplaced: FaultDetector {
  static let rule = FindingRule(
    id: "option-misplaced", severity: .warning, title: "options of a SYN stood elsewhere",
    condition: """
      Maximum segment size, window scale or SACK-permitted on a segment without SYN.
      """,
    advice: """
      Receivers must ignore them. A stack that sends them is broken, or somebody makes packets by hand.
      """,
    references: ["RFC 9293 §3.2", "RFC 7323 §2.2", "RFC 2018 §2"])
  static let fact: SegmentFacts? = .misplacedOption

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had options that only a SYN may have."
  }
}
