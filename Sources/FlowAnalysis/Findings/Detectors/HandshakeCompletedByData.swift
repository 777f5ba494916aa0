import FlowTracker

/// `handshake-completed-by-data`: the third segment is no bare ACK.
struct HandshakeCompletedByData: Detector {
  static let rule = FindingRule(
    id: "handshake-completed-by-data", severity: .note, title: "data completed the handshake",
    condition: """
      The first segment of the client that acknowledges the SYN-ACK has payload or a FIN; no bare \
      acknowledgment was seen before it.
      """,
    advice: """
      Legal: the acknowledgment rides on what the client had to send anyway (Linux does so where the \
      program asks for it), or the bare one was lost before the capture. Tools that wait for three \
      segments call such a handshake incomplete.
      """,
    references: ["RFC 9293 §3.5", "RFC 9293 §3.10.7.4"])
  static let needs: Aspects = [.answered, .open]
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    let handshake = subject.handshake
    guard subject.wasOpen, handshake.kind == .threeWay, handshake.traits.contains(.completedByData),
      let synACK = handshake.synACK, let ack = handshake.ack,
      // What was on the SYN and not taken comes again.
      subject.history(of: .client).offer?.payload ?? 0 == 0
    else { return [] }
    return [
      Finding(
        rule, .note, .likely, blame: .unknown, frames: [synACK.frame, ack.frame],
        "No bare ACK completed the handshake: the client's first acknowledgment came with "
          + "\(subject.history(of: .client).fin?.frame == ack.frame ? "its FIN" : "data").")
    ]
  }
}
