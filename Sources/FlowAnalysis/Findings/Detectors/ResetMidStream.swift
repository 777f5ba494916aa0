import FlowTracker

/// `reset-mid-stream`: a RST cut off what was under way.
struct ResetMidStream: Detector {
  static let rule = FindingRule(
    id: "reset-mid-stream", severity: .warning, title: "a RST cut off a transfer",
    condition: """
      An acceptable RST on an open connection that nobody had closed, while data was not yet \
      acknowledged, and nothing shows that its sender had got any of it.
      """,
    advice: """
      The program at that end crashed or was killed, closed with unread data, or a device on the way \
      sent the RST in its name: compare its time to live with that of other segments. Data that was \
      not acknowledged may be lost.
      """,
    references: ["RFC 9293 §3.5.3"])
  static let needs: Aspects = [.open, .reset]
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard let reset = OpenReset(subject), reset.outstanding > 0, reset.cause == .choice else {
      return []
    }
    return [
      Finding(
        rule, blame: .init(reset.by), frames: [reset.mark.frame],
        "The \(reset.by.name) reset the connection while "
          + "\(Quantity.bytes(UInt64(reset.outstanding))) were not yet acknowledged.")
    ]
  }
}
