import FlowTracker

/// `half-close-data`: an end went on sending after its peer had closed.
struct HalfCloseData: Detector {
  static let rule = FindingRule(
    id: "half-close-data", severity: .note, title: "data went on after one end had closed",
    condition: "An end sends new payload after it has acknowledged its peer's FIN.",
    advice: """
      Legal, and used by programs that call shutdown() to say that they will send no more. Middleboxes \
      with short timers for closing connections may cut it off.
      """,
    references: ["RFC 9293 §3.6.1"])
  static let needs: Aspects = .fin

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let bytes = subject.history(of: side).payloadAfterPeersFIN
      // Where a RST answers, the other end had not half-closed but gone.
      guard bytes > 0, subject.report.close.reset?.by != side.peer else { return nil }
      return Finding(
        rule, blame: .init(side), frames: [subject.history(of: side.peer).fin?.frame],
        "The \(side.name) sent \(Quantity.bytes(UInt64(bytes))) after the \(side.peer.name) had "
          + "closed its direction.")
    }
  }
}
