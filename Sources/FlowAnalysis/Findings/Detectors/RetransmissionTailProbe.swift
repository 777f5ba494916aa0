import FlowTracker

/// `retransmission-tail-probe`: the last segment was sent again to have its fate told.
struct RetransmissionTailProbe: Detector {
  static let rule = FindingRule(
    id: "retransmission-tail-probe", severity: .note,
    title: "the last bytes were sent again as a probe",
    condition: """
      The last bytes that were sent come again once, about two round trips later, with selective \
      acknowledgments in use and no duplicate ones in between.
      """,
    advice: """
      Either the last segments or their acknowledgment were lost: the probe has the receiver tell which, \
      sooner than a timeout would.
      """,
    references: ["RFC 8985 §7"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .tailLossProbe

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .tailLossProbe, by: side) else { return nil }
      return Finding(
        rule, blame: .network, frames: [seen.first, seen.last],
        "The \(side.name) asked \(Quantity.count(seen.count, "time")) by a probe whether its last bytes had "
          + "arrived.")
    }
  }
}
