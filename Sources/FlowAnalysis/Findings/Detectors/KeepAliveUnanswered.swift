import FlowTracker

/// `keep-alive-unanswered`: nobody answers any more.
struct KeepAliveUnanswered: Detector {
  static let rule = FindingRule(
    id: "keep-alive-unanswered", severity: .warning, title: "keep-alives were not answered",
    condition: """
      Three keep-alives in a row or more without any segment of the other end.
      """,
    advice: """
      The other host is gone, or a device on the path has forgotten the connection: look for a restart, \
      or for a firewall whose idle timeout is shorter than the interval of the keep-alives.
      """,
    references: ["RFC 9293 §3.8.4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .probe
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let unanswered = Int(subject[irregularities: side].unansweredProbes)
      guard unanswered >= 3, subject[irregularities: side.peer].zeroWindows == 0,
        subject[side.peer].packets > 0, let seen = subject.sightings(of: .probe, by: side)
      else { return nil }
      return Finding(
        rule, blame: .unknown, frames: [seen.first, seen.last],
        "The \(side.peer.name) left \(Quantity.count(unanswered, "keep-alive")) in a row without an "
          + "answer: it, or the way to it, is gone."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
