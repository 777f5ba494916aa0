import FlowTracker

/// `half-open-handshake`: the server answered, and the client never completed the handshake.
struct HalfOpenHandshake: Detector {
  static let rule = FindingRule(
    id: "half-open-handshake", severity: .warning, title: "the handshake was never completed",
    condition: """
      A valid SYN-ACK, then from the client neither an acknowledgment of it nor a RST, while the \
      SYN-ACK was repeated or the capture went on for at least a second.
      """,
    advice: """
      The SYN-ACK or its acknowledgment is lost on the way, the client has vanished, or the SYN had a \
      forged source. Many of them at one server are a SYN flood.
      """,
    references: ["RFC 9293 §3.5", "RFC 4987"])
  static let needs: Aspects = .answered
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.outcome == .halfOpen, let synACK = subject.handshake.synACK else {
      return []
    }
    let repeats = subject.sightings(of: .repeatsSYN, by: .server)
    guard
      repeats != nil || subject.captureWentOn(after: synACK) >= Subject.retransmissionTime
    else { return [] }
    let often =
      repeats.map { ", which the server sent \(Quantity.count($0.count + 1)) times" } ?? ""
    return [
      Finding(
        rule, blame: .client,
        frames: [
          subject.handshake.syn?.frame, synACK.frame, repeats?.first, repeats?.last,
        ],
        "The client never acknowledged the SYN-ACK\(often): the connection stayed half-open."
      )
      .censored(if: subject[.client].packets == 0)
    ]
  }
}
