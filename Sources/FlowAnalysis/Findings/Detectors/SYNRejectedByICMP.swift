import FlowTracker

/// `syn-rejected-by-icmp`: an ICMP error answered the SYN.
struct SYNRejectedByICMP: Detector {
  static let rule = FindingRule(
    id: "syn-rejected-by-icmp", severity: .warning, title: "a router rejected the SYN",
    condition: """
      An ICMP or ICMPv6 error (unreachable, prohibited, time exceeded) that quotes the SYN, and no \
      answer to it.
      """,
    advice: "The source of the ICMP message is the router or firewall to ask; its code says why.",
    references: ["RFC 9293 §3.9.2.2", "RFC 5927"])

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.outcome == .rejected else { return [] }
    return [
      Finding(
        rule, blame: .network,
        frames: [subject.handshake.syn?.frame, subject.handshake.rejection?.frame],
        "An ICMP error came back instead of an answer to the SYN: the network cannot or will not "
          + "take it to the server.")
    ]
  }
}
