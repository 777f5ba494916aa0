import FlowTracker
import PacketParser

/// `syn-with-data`: payload on a SYN without Fast Open.
struct SYNWithData: Detector {
  static let rule = FindingRule(
    id: "syn-with-data", severity: .warning, title: "a SYN had data and no Fast Open option",
    condition: "Payload on the SYN of the client, without a TCP Fast Open option.",
    advice: """
      Legal since the first TCP, and yet no common stack sends it: the receiver may keep the data until the \
      handshake is over, and most drop them. It is made by a test, a scanner, or somebody who would \
      slip data by a firewall.
      """,
    references: ["RFC 9293 §3.5"])
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard let syn = subject.handshake.syn, let offer = subject.history(of: .client).offer,
      offer.payload > 0, offer.present.isDisjoint(with: [.fastOpen, .experimentalFastOpen])
    else { return [] }
    return [
      Finding(
        rule, blame: .client, frames: [syn.frame],
        "The client put \(Quantity.bytes(UInt64(offer.payload))) on its SYN without asking for Fast Open."
      )
    ]
  }
}
