import FlowTracker

/// `last-ack-missing`: both have closed, and the last acknowledgment did not come.
struct LastACKMissing: Detector {
  static let rule = FindingRule(
    id: "last-ack-missing", severity: .warning, title: "the last acknowledgment is missing",
    condition: """
      Both ends have sent a FIN, the first one was acknowledged and the second was not, although it \
      was repeated or the capture went on for at least a second.
      """,
    advice: """
      Both programs have closed, so no data is lost; the end in LAST-ACK keeps its socket until it \
      gives up. Often the host that closed first sits behind a firewall that forgot the connection.
      """,
    references: ["RFC 9293 §3.6"])
  static let needs: Aspects = .fin
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    let close = subject.report.close
    guard close.outcome == .lastACKMissing, let first = close.first,
      let fin = subject.history(of: first.peer).fin
    else { return [] }
    let repeats = subject.sightings(of: .repeatsFIN, by: first.peer)
    guard repeats != nil || subject.captureWentOn(after: fin) >= Subject.retransmissionTime else {
      return []
    }
    return [
      Finding(
        rule, blame: .unknown,
        frames: [
          subject.history(of: first).fin?.frame, fin.frame, repeats?.first, repeats?.last,
        ],
        "Both ends closed, and the \(first.name) never acknowledged the \(first.peer.name)'s FIN."
      )
      .censored(if: subject.mayLackFrames)
    ]
  }
}
