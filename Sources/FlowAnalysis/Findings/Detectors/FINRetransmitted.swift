import FlowTracker

/// `fin-retransmitted`: an end had to close again.
struct FINRetransmitted: Detector {
  static let rule = FindingRule(
    id: "fin-retransmitted", severity: .note, title: "a FIN was repeated",
    condition: "The same FIN again; three times or more are a warning.",
    advice: """
      The FIN or its acknowledgment was lost, or the other host answers no more: nothing that a \
      program does keeps a host from acknowledging a FIN.
      """,
    references: ["RFC 9293 §3.8.1", "RFC 6298 §5"])
  static let needs: Aspects = [.fin, .irregular]
  static let fact: SegmentFacts? = .repeatsFIN

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let repeats = subject.sightings(of: .repeatsFIN, by: side) else { return nil }
      return Finding(
        rule, repeats.count >= 3 ? .warning : .note, blame: .network,
        frames: [subject.history(of: side).fin?.frame, repeats.first, repeats.last],
        "The \(side.name) sent its FIN \(Quantity.count(repeats.count + 1)) times: it, or its "
          + "acknowledgment, was lost or late.")
    }
  }
}
