import FlowTracker

/// `fin-unacked`: nobody acknowledged the FIN.
struct FINUnacknowledged: Detector {
  static let rule = FindingRule(
    id: "fin-unacked", severity: .warning, title: "the FIN was never acknowledged",
    condition: """
      A FIN, then no acknowledgment of it and no RST, although the capture went on for at least a \
      second.
      """,
    advice: """
      The other host is gone, or segments are lost on the way there or back. The end that closed \
      keeps its socket in FIN-WAIT-1 until it gives up.
      """,
    references: ["RFC 9293 §3.6", "RFC 9293 §3.10.7.4"])
  static let needs: Aspects = .fin
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    let close = subject.report.close
    guard close.outcome == .finUnacknowledged, let first = close.first,
      let fin = subject.history(of: first).fin,
      subject.captureWentOn(after: fin) >= Subject.retransmissionTime
    else { return [] }
    let repeats = subject.sightings(of: .repeatsFIN, by: first)
    return [
      Finding(
        rule, blame: .unknown, frames: [fin.frame, repeats?.first, repeats?.last],
        "The \(first.name) closed, and the \(first.peer.name) never acknowledged its FIN: it is "
          + "gone, or segments are lost."
      )
      .censored(if: subject.mayLackFrames)
    ]
  }
}
