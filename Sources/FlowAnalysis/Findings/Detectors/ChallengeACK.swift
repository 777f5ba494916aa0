import FlowTracker

/// `challenge-ack`: an end asked whether a RST or SYN was meant.
struct ChallengeACK: Detector {
  static let rule = FindingRule(
    id: "challenge-ack", severity: .note, title: "a RST or SYN was challenged",
    condition: """
      An acknowledgment that says nothing new, sent in answer to a RST that is in the window but not the \
      next byte, or to a SYN on an open connection.
      """,
    advice: """
      Right so: a peer that has really lost the connection answers with a RST that is exact. Where nothing \
      follows, the RST or SYN was old, or forged.
      """,
    references: ["RFC 5961 §3.2", "RFC 5961 §4.2"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .challengeACK

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .challengeACK, by: side) else { return nil }
      return Finding(
        rule, blame: .init(side.peer), frames: [seen.first, seen.last],
        "The \(side.name) did not take a RST or SYN that came from the \(side.peer.name), and asked "
          + "whether it was meant.")
    }
  }
}
