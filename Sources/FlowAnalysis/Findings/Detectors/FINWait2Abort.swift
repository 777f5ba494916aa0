import FlowTracker

/// `fin-wait-2-abort`: data came for a program that had closed.
struct FINWait2Abort: Detector {
  static let rule = FindingRule(
    id: "fin-wait-2-abort", severity: .warning, title: "data came for a program that had closed",
    condition: """
      An end's FIN is acknowledged, its peer sends more payload, and the end answers by a RST.
      """,
    advice: """
      The program closed its socket although more was to come, so that data is lost. It should read \
      until its peer closes, and only then close (shutdown() before close()).
      """,
    references: ["RFC 9293 §3.6.1", "RFC 1122 §4.2.2.13", "RFC 2525 §2.16"])
  static let needs: Aspects = [.fin, .reset]

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.close.kind == .reset, let reset = subject.report.close.reset,
      subject[reset.by].knows.contains(.fin)
    else { return [] }
    let bytes = subject.history(of: reset.by.peer).payloadAfterPeersFIN
    guard bytes > 0 else { return [] }
    return [
      Finding(
        rule, blame: .init(reset.by),
        frames: [subject.history(of: reset.by).fin?.frame, reset.mark.frame],
        "The \(reset.by.name)'s program had closed when \(Quantity.bytes(UInt64(bytes))) more came "
          + "from the \(reset.by.peer.name), and answered by a RST: they are lost.")
    ]
  }
}
