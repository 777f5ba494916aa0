import FlowTracker

/// `option-malformed`: an option with a wrong length.
struct OptionMalformed: FaultDetector {
  static let rule = FindingRule(
    id: "option-malformed", severity: .warning, title: "an option was malformed",
    condition: """
      An option whose length is below 2, goes beyond the header, or is wrong for its kind.
      """,
    advice: """
      Receivers skip the rest of the options, or drop the segment: what was to be agreed on is not. Look \
      for a device that changes options, or for packets made by hand.
      """,
    references: ["RFC 9293 §3.2"])
  static let fact: SegmentFacts? = .malformedOption

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) of the \(side.name) had an option with a length that it cannot have."
  }
}
