import FlowTracker
import PacketParser

/// `tfo-ignored`: data on the SYN with a cookie was not taken.
struct FastOpenIgnored: Detector {
  static let rule = FindingRule(
    id: "tfo-ignored", severity: .note, title: "data on the SYN was not accepted",
    condition: """
      Payload and a Fast Open option on the SYN, and a SYN-ACK that acknowledges only the SYN.
      """,
    advice: """
      The cookie is stale, the server does not do Fast Open on this port, or a middlebox took the \
      data or the option off. The client sends the data again; nothing is lost but time.
      """,
    references: ["RFC 7413 §4.2.2"])
  static let needs: Aspects = .answered

  static func judge(_ subject: Subject) -> [Finding] {
    guard let synACK = subject.handshake.synACK, let offer = subject.history(of: .client).offer,
      offer.payload > 0, !offer.present.isDisjoint(with: [.fastOpen, .experimentalFastOpen]),
      !subject.handshake.traits.contains(.dataAccepted)
    else { return [] }
    return [
      Finding(
        rule, blame: .server, frames: [subject.handshake.syn?.frame, synACK.frame],
        "The server did not take the \(Quantity.bytes(UInt64(offer.payload))) that the client had "
          + "put on its SYN (TCP Fast Open).")
    ]
  }
}
