import FlowTracker

/// `reset-after-fin`: an end that had closed sent a RST.
struct ResetAfterFIN: Detector {
  static let rule = FindingRule(
    id: "reset-after-fin", severity: .note, title: "a RST followed the FIN",
    condition: """
      An acceptable RST of an end that had sent its FIN, where no payload of its peer shows that it was \
      lost by that.
      """,
    advice: """
      The program had closed its socket wholly, so that whatever came afterwards could only be \
      answered by a RST. Harmless where the other end had nothing left to send.
      """,
    references: ["RFC 9293 §3.5.2", "RFC 9293 §3.6.1"])
  static let needs: Aspects = [.fin, .reset]
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.close.kind == .reset, let reset = subject.report.close.reset,
      subject[reset.by].knows.contains(.fin),
      subject.history(of: reset.by.peer).payloadAfterPeersFIN == 0,
      !ResetWithUnreadData.isAfterFIN(subject, of: reset.by)
    else { return [] }
    return [
      Finding(
        rule, blame: .init(reset.by),
        frames: [subject.history(of: reset.by).fin?.frame, reset.mark.frame],
        "The \(reset.by.name) sent a RST after its FIN: its program had closed the socket for good."
      )
    ]
  }
}
