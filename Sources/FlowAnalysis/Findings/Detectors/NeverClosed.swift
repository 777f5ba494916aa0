import FlowTracker

/// `never-closed`: an open connection fell silent.
struct NeverClosed: Detector {
  static let rule = FindingRule(
    id: "never-closed", severity: .note, title: "the connection fell silent without being closed",
    condition: """
      An open connection without FIN or RST, on which nothing was sent for the last 60 seconds of \
      the capture or more.
      """,
    advice: """
      It may be kept for later use, or one host may be gone without the other knowing. Keep-alives \
      tell the two apart.
      """,
    references: ["RFC 9293 §3.8.4"])
  static let needs: Aspects = .open
  static let ground = Ground.missingInTheEnd

  static func judge(_ subject: Subject) -> [Finding] {
    let silence = subject.captureWentOn(after: subject.report.last)
    guard subject.wasOpen, subject.report.close.kind == .none, silence >= Subject.idleTime,
      Side.allCases.allSatisfy({ subject.state(of: $0) == .established })
    else { return [] }
    return [
      Finding(
        rule, blame: .unknown, frames: [subject.report.last.frame],
        "Neither end closed the connection; nothing was sent on it for the last "
          + "\(Quantity.duration(nanoseconds: silence)).")
    ]
  }
}
