import FlowTracker
import PacketParser

/// `connection-refused`: a RST answered the SYN.
struct ConnectionRefused: Detector {
  static let rule = FindingRule(
    id: "connection-refused", severity: .warning, title: "the server refused the connection",
    condition: "A RST that acknowledges the SYN, with no SYN-ACK before it.",
    advice: """
      Nothing listens on that port of the server, or a firewall answers in its place. Compare the \
      RST's time to live with that of other segments of the server: a firewall's differs.
      """,
    references: ["RFC 9293 §3.5.2", "RFC 9293 §3.10.7.1"])

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.outcome == .refused else { return [] }
    return [
      Finding(
        rule, blame: .server,
        frames: [subject.handshake.syn?.frame, subject.report.close.reset?.mark.frame],
        "The server refused the connection: nothing listens on port "
          + "\(subject.report.server.port), or a firewall answered in its place.")
    ]
  }
}
