import FlowTracker

/// `reset-inexact`: a RST that a modern stack asks about.
struct ResetInexact: Detector {
  static let rule = FindingRule(
    id: "reset-inexact", severity: .note, title: "a RST was not at the next byte",
    condition: """
      A RST whose sequence number lies in the window, but is not the next one that its receiver \
      expects.
      """,
    advice: """
      A modern stack answers by a challenge ACK and goes on; an old one takes it. It is genuine where \
      segments before it were lost, and a blind attack otherwise.
      """,
    references: ["RFC 5961 §3.2", "RFC 9293 §3.10.7.4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .inexactReset

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .inexactReset, by: side) else { return nil }
      return Finding(
        rule, blame: .unknown, frames: [seen.first, seen.last],
        "\(Quantity.count(seen.count, "RST")) of the \(side.name) lay in the window, but not at "
          + "the next byte: a modern stack asks back instead of believing it."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
