import FlowTracker

/// `close-wait-stuck`: an end knows that its peer has closed, and does not close.
struct CloseWaitStuck: Detector {
  static let rule = FindingRule(
    id: "close-wait-stuck", severity: .warning, title: "an end stays in CLOSE-WAIT",
    condition: """
      An end has acknowledged its peer's FIN, and the connection is silent for at least 60 seconds \
      while the capture goes on.
      """,
    advice: """
      The program at that end has been told that its peer has closed (read() returned 0) and does \
      not close its socket: a leak in the program, which ends with all file descriptors used up.
      """,
    references: ["RFC 9293 §3.6"])
  static let needs: Aspects = .fin
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.captureWentOn(after: subject.report.last) >= Subject.closeWaitTime else {
      return []
    }
    return Side.allCases.compactMap { side in
      guard subject.state(of: side) == .closeWait,
        let entered = subject.history(of: side).timeline.last
      else { return nil }
      let nanoseconds = subject.captureWentOn(
        after: FrameMark(frame: entered.frame, time: entered.time))
      return Finding(
        rule, nil, entered.evidence == .presumed ? .likely : .proven, blame: .init(side),
        frames: [subject.history(of: side.peer).fin?.frame, entered.frame],
        "The \(side.name) stays in CLOSE-WAIT, \(Quantity.duration(nanoseconds: nanoseconds)) so "
          + "far: its program does not close the socket although the \(side.peer.name) has."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
