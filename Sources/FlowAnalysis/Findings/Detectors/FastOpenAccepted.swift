import FlowTracker

/// `tfo-accepted`: data on the SYN was taken.
struct FastOpenAccepted: Detector {
  static let rule = FindingRule(
    id: "tfo-accepted", severity: .note, title: "data on the SYN was accepted",
    condition: "Payload on the SYN, and a SYN-ACK that acknowledges it.",
    advice: "TCP Fast Open works between these hosts: it saves a round trip.",
    references: ["RFC 7413 §4.2.2"])

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.traits.contains(.dataAccepted) else { return [] }
    return [
      Finding(
        rule, blame: .client,
        frames: [subject.handshake.syn?.frame, subject.handshake.synACK?.frame],
        "The server accepted the data that the client had put on its SYN (TCP Fast Open).")
    ]
  }
}
