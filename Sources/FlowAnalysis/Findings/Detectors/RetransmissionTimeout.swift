import FlowTracker

/// `retransmission-timeout`: a timer ran out before anything acknowledged what was sent.
struct RetransmissionTimeout: Detector {
  static let rule = FindingRule(
    id: "retransmission-timeout", severity: .note,
    title: "segments were sent again after a timeout",
    condition: """
      Bytes that were sent before and are not acknowledged come again, no duplicate or selective \
      acknowledgments having asked for them, or follow such a segment.
      """,
    advice: """
      The segment, all that came after it, or the acknowledgments were lost: a timeout costs at least \
      200 milliseconds, and the sender begins anew with one segment. Look for a path that is lost for a \
      while, or for requests so small that no duplicate acknowledgments can come.
      """,
    references: ["RFC 9293 §3.8.1", "RFC 6298 §5"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .timedRetransmission

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .timedRetransmission, by: side) else { return nil }
      return Finding(
        rule, nil, .likely, blame: .network, frames: [seen.first, seen.last],
        "The \(side.name) sent \(Quantity.count(seen.count, "segment")) again after it had waited in "
          + "vain for an acknowledgment.")
    }
  }
}
