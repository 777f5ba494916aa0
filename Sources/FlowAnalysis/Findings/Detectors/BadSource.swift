import FlowTracker
import PacketParser

/// `bad-source`: a segment from an address that no host has.
struct BadSource: Detector {
  static let rule = FindingRule(
    id: "bad-source", severity: .warning, title: "the source was no host's address",
    condition: """
      A segment from a multicast address, the broadcast address or the unspecified address, on a \
      connection that was not completed.
      """,
    advice: """
      TCP must not take such segments: the source is forged, or a device on the way is broken. A router \
      should have dropped them.
      """,
    references: ["RFC 9293 §3.9.2.3", "RFC 1122 §3.2.1.3"])
  static let needs: Aspects = .impossible

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.outcome != .complete else { return [] }
    return Side.allCases.compactMap { side in
      let address = subject.socket(of: side).address
      guard subject[side].packets > 0, !address.isUnicast else { return nil }
      return Finding(
        rule, blame: .unknown, frames: [subject.report.first.frame],
        "\(address), from which segments came, is no host's address.")
    }
  }
}
