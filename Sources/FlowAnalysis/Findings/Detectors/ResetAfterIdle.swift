import FlowTracker

/// `reset-after-idle`: after a long silence the first segment drew a RST.
struct ResetAfterIdle: Detector {
  static let rule = FindingRule(
    id: "reset-after-idle", severity: .warning, title: "a silent connection was found reset",
    condition: """
      Nothing was sent on an open connection for at least 60 seconds, and whatever came first then was answered \
      by an acceptable RST.
      """,
    advice: """
      A firewall, an address translator or a load balancer on the way forgets silent connections, and \
      rejects what comes after: raise its timeout above the silence, or turn keep-alives on below it. \
      Without such a device the peer itself has closed and its FIN or RST was lost.
      """,
    references: ["RFC 5382 §5", "RFC 9293 §3.8.4"])
  static let needs: Aspects = [.open, .reset, .irregular]

  static func judge(_ subject: Subject) -> [Finding] {
    guard let reset = OpenReset(subject), case .silence(let seconds) = reset.cause else {
      return []
    }
    return [
      Finding(
        rule, .warning, .likely, blame: .unknown, frames: [reset.mark.frame],
        "After \(Quantity.duration(nanoseconds: Int64(seconds) * 1_000_000_000)) of silence the "
          + "\(reset.by.peer.name) went on and got a RST: a device on the way, or the \(reset.by.name) "
          + "itself, had forgotten the connection.")
    ]
  }
}
