import FlowTracker

/// `ends-after-capture`: the capture stopped first.
struct EndsAfterCapture: Detector {
  static let rule = FindingRule(
    id: "ends-after-capture", severity: .note, title: "the capture ended before the connection",
    condition: """
      A connection that was neither closed nor reset, on which something was sent in the last 60 \
      seconds of the capture.
      """,
    advice: "What became of it is unknown. Nothing is wrong with it so far.",
    references: [])
  static let needs: Aspects = .open
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    let close = subject.report.close
    guard subject.wasOpen, subject.report.endReason == .captureEnded, close.reset == nil,
      close.outcome == .open,
      subject.captureWentOn(after: subject.report.last) < Subject.idleTime
    else { return [] }
    return [
      Finding(
        rule, blame: .capture, frames: [subject.report.last.frame],
        "The capture ended while the connection was open.")
    ]
  }
}
