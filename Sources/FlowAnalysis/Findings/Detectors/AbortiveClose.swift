import FlowTracker

/// `abortive-close`: a RST in place of a FIN.
struct AbortiveClose: Detector {
  static let rule = FindingRule(
    id: "abortive-close", severity: .note, title: "a RST took the place of a FIN",
    condition: """
      An acceptable RST on an open connection that its sender had not closed, with no data left \
      unacknowledged.
      """,
    advice: """
      The program asked for it (SO_LINGER with time 0), ended without closing its socket, or left \
      data unread. Nothing was lost that the network knew of; the other program gets an error.
      """,
    references: ["RFC 9293 §3.10.5"])
  static let needs: Aspects = [.open, .reset]
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard let reset = OpenReset(subject), reset.outstanding == 0, reset.cause == .choice else {
      return []
    }
    return [
      Finding(
        rule, blame: .init(reset.by), frames: [reset.mark.frame],
        "The \(reset.by.name) ended the connection by a RST instead of closing it; everything had "
          + "been acknowledged.")
    ]
  }
}
