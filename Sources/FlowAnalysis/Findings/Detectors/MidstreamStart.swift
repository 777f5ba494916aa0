import FlowTracker

/// `midstream-start`: the connection is older than the capture.
struct MidstreamStart: Detector {
  static let rule = FindingRule(
    id: "midstream-start", severity: .note, title: "the capture began after the connection",
    condition: "The first segment of the connection has no SYN.",
    advice: """
      What SYNs agree on is unknown: windows are not scaled, and who is the client is judged by \
      ports. Begin the capture before the connection to know more.
      """,
    references: [])
  static let needs: Aspects = .open
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.outcome == .unseen, subject.history(of: .client).timeline.first != nil
    else {
      return []
    }
    return [
      Finding(
        rule, blame: .capture, frames: [subject.report.first.frame],
        "The capture shows nothing of how the connection was opened: it began before.")
    ]
  }
}
