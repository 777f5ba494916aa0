import FlowTracker

/// `dead-peer-reset`: a host no longer knows the connection.
struct DeadPeerReset: Detector {
  static let rule = FindingRule(
    id: "dead-peer-reset", severity: .warning, title: "a host had forgotten the connection",
    condition: """
      On an open connection that its sender had not closed, a RST without ACK whose number is the one that \
      the peer has just acknowledged: the answer of a host to a segment for which it has no connection.
      """,
    advice: """
      That host was restarted, its program was killed and its RST lost, or the segment was led to another \
      host (a load balancer that has moved the connection). What was under way is lost.
      """,
    references: ["RFC 9293 §3.5.1", "RFC 9293 §3.10.7.1"])
  static let needs: Aspects = [.open, .reset]

  static func judge(_ subject: Subject) -> [Finding] {
    guard let reset = OpenReset(subject), reset.cause == .noConnection else { return [] }
    return [
      Finding(
        rule, .warning, .likely, blame: .init(reset.by), frames: [reset.mark.frame],
        "The \(reset.by.name) answered the \(reset.by.peer.name) as a host does that knows nothing of the "
          + "connection: it was restarted, or has forgotten it."
          + (reset.outstanding > 0
            ? " \(Quantity.bytes(UInt64(reset.outstanding))) were not yet acknowledged." : ""))
    ]
  }
}
