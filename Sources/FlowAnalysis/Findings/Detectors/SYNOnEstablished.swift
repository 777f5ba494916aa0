import FlowTracker

/// `syn-on-established`: a SYN that began nothing, on a connection that was open.
struct SYNOnEstablished: Detector {
  static let rule = FindingRule(
    id: "syn-on-established", severity: .warning, title: "a SYN came on an open connection",
    condition: """
      A SYN with another sequence number than the connection's own, on a connection that both ends \
      believe to be open, which began no new connection.
      """,
    advice: """
      An old duplicate that the network held back, a client that has lost its memory, or a forged \
      segment. A modern stack answers by a challenge ACK and goes on.
      """,
    references: ["RFC 9293 §3.5.1", "RFC 9293 §3.10.7.4", "RFC 5961 §4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .synOnSynchronized
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.endReason != .replaced else { return [] }
    return Side.allCases.compactMap { side in
      guard subject.synAfterClose(of: side) == nil,
        let seen = subject.sightings(of: .synOnSynchronized, by: side)
      else { return nil }
      return Finding(
        rule, blame: .unknown, frames: [seen.first, seen.last],
        "A SYN of the \(side.name) came on the open connection and began nothing: an old "
          + "duplicate, a restarted host, or a forgery.")
    }
  }
}
