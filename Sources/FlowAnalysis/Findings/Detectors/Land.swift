import FlowTracker
import PacketParser

/// `land`: a SYN from a socket to itself.
struct Land: Detector {
  static let rule = FindingRule(
    id: "land", severity: .warning, title: "a SYN had its target for its source",
    condition: """
      A SYN whose source is its destination, address and port, other than a loopback address, and which \
      opened nothing.
      """,
    advice: """
      An old attack (LAND): a host that answers such a SYN answers itself for ever. No host sends one, \
      but for a program that connects to itself by chance, which completes; a firewall would drop it.
      """,
    references: ["RFC 9293 §3.10.7.2"])
  static let needs: Aspects = .impossible
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    let (client, server) = (subject.report.client, subject.report.server)
    guard client == server, !client.address.isLoopback, let syn = subject.handshake.syn,
      subject.handshake.outcome != .complete
    else { return [] }
    return [
      Finding(
        rule, blame: .unknown, frames: [syn.frame],
        "Somebody sent a SYN to \(server) in its own name: the source is forged.")
    ]
  }
}
