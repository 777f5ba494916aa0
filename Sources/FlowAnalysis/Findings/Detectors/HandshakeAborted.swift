import FlowTracker

/// `handshake-aborted`: a RST between the SYN-ACK and the end of the handshake.
struct HandshakeAborted: Detector {
  static let rule = FindingRule(
    id: "handshake-aborted", severity: .note, title: "the handshake was broken off",
    condition: "A valid SYN-ACK, then an acceptable RST before the handshake was complete.",
    advice: """
      A client does so when it has given up meanwhile, when the SYN-ACK answers a SYN it does not \
      remember, or when it only asks whether the port is open (a SYN scan).
      """,
    references: ["RFC 9293 §3.5.3"])
  static let needs: Aspects = [.answered, .reset]
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    // Without the SYN it is the SYN-ACK that is remarkable, and not that somebody rejects it.
    guard subject.handshake.outcome == .aborted, let syn = subject.handshake.syn,
      let synACK = subject.handshake.synACK, let reset = subject.report.close.reset
    else { return [] }
    return [
      Finding(
        rule, blame: .init(reset.by),
        frames: [syn.frame, synACK.frame, reset.mark.frame],
        "After the SYN-ACK the \(reset.by.name) broke the handshake off by a RST.")
    ]
  }
}
