import FlowTracker

/// `retransmission-fast`: the receiver asked for what was lost.
struct RetransmissionFast: Detector {
  static let rule = FindingRule(
    id: "retransmission-fast", severity: .note, title: "segments were sent again on request",
    condition: """
      Bytes that were sent before come again within a round trip of three duplicate acknowledgments, or \
      of selective ones that lack them.
      """,
    advice: """
      Single segments were lost, and repaired as fast as can be. Where it happens often, a queue on the \
      path overflows, or a link loses frames.
      """,
    references: ["RFC 5681 §3.2", "RFC 6675 §5"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .fastRetransmission

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .fastRetransmission, by: side) else { return nil }
      return Finding(
        rule, blame: .network, frames: [seen.first, seen.last],
        "The \(side.name) sent \(Quantity.count(seen.count, "segment")) again because the "
          + "\(side.peer.name) had asked for it.")
    }
  }
}
