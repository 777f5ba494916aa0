import FlowTracker

/// `half-open-recovered`: one end had lost the connection before, and both found out.
struct HalfOpenRecovered: Detector {
  static let rule = FindingRule(
    id: "half-open-recovered", severity: .note,
    title: "a lost connection was cleared away and replaced",
    condition: """
      A SYN on a connection that its peer held for open; the peer answered by an ACK of the old numbers, that \
      drew a RST from the sender of the SYN, and its next SYN opened a new connection.
      """,
    advice: """
      The client's host was restarted, or its program's socket is gone without a FIN, while the server \
      still held the connection. All went as it must; find out why the client had lost it.
      """,
    references: ["RFC 9293 §3.5.1"])
  static let needs: Aspects = [.answered, .open]

  static func judge(_ subject: Subject) -> [Finding] {
    guard
      subject.predecessor == .lost
        || subject.predecessor != .timeWait
          && subject.handshake.traits.contains(.rejectedOldACK),
      subject.handshake.outcome == .complete, let syn = subject.handshake.syn,
      let synACK = subject.handshake.synACK
    else { return [] }
    return [
      Finding(
        rule, blame: .client, frames: [syn.frame, synACK.frame],
        "The client knew nothing any more of a connection with the same ports that the server held for "
          + "open: the server asked, the client reset it, and this one took its place.")
    ]
  }
}
