import FlowTracker

/// `backoff-missing`: a sender repeats at one pace.
struct BackoffMissing: Detector {
  static let rule = FindingRule(
    id: "backoff-missing", severity: .warning, title: "repeats came at one pace",
    condition: """
      The same bytes are sent again at least four times by timer, and twice in a row the time between does not \
      grow, by a quarter at least, from 200 milliseconds up to 50 seconds.
      """,
    advice: """
      The time must double from repeat to repeat, so that a congested network can recover. The sender's stack \
      is at fault, or was told so (tcp_thin_linear_timeouts of Linux).
      """,
    references: ["RFC 6298 §5.5", "RFC 2525 §2.10"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .timedRetransmission
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard subject[irregularities: side].mostSteady >= 2,
        let seen = subject.sightings(of: .timedRetransmission, by: side), seen.count >= 4
      else { return nil }
      return Finding(
        rule, blame: .init(side), frames: [seen.first, seen.last],
        "The \(side.name) sent the same bytes again and again, without waiting longer each time."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
