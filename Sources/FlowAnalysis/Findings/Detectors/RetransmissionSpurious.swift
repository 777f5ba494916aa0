import FlowTracker

/// `retransmission-spurious`: what had arrived was sent again.
struct RetransmissionSpurious: Detector {
  static let rule = FindingRule(
    id: "retransmission-spurious", severity: .note, title: "segments were sent again for nothing",
    condition: """
      Bytes, or a SYN, come again that the receiver had acknowledged, in order or selectively, in a \
      segment of the capture.
      """,
    advice: """
      The acknowledgment was lost behind the place of the capture, or came later than the sender was ready to \
      wait: a path whose delay varies much, or a timer that is too short.
      """,
    references: ["RFC 2883", "RFC 5682"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .repeatsAcknowledged

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .repeatsAcknowledged, by: side) else { return nil }
      return Finding(
        rule, nil, .likely, blame: .network, frames: [seen.first, seen.last],
        "The \(side.name) sent \(Quantity.count(seen.count, "segment")) again that the "
          + "\(side.peer.name) had acknowledged: the acknowledgment was lost or late.")
    }
  }
}
