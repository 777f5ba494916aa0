import FlowTracker

/// `split-handshake`: the server answered a SYN by a SYN.
struct SplitHandshake: Detector {
  static let rule = FindingRule(
    id: "split-handshake", severity: .warning, title: "the server turned the handshake round",
    condition: """
      The server answers the SYN by a SYN of its own without acknowledgment; the client sends the \
      SYN-ACK.
      """,
    advice: """
      No ordinary server does so. Firewalls that know only the three-way handshake take the server \
      for the client then, which is what this is used for.
      """,
    references: ["RFC 9293 §3.5"])

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.kind == .split else { return [] }
    return [
      Finding(
        rule, blame: .server,
        frames: [subject.handshake.syn?.frame, subject.handshake.synACK?.frame],
        "The server answered the SYN by a SYN of its own, so that the client had to send the "
          + "SYN-ACK.")
    ]
  }
}
