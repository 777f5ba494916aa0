import FlowTracker

/// `ack-beyond-fin`: an end acknowledges what cannot be.
struct ACKBeyondFIN: FaultDetector {
  static let rule = FindingRule(
    id: "ack-beyond-fin", severity: .error, title: "more was acknowledged than the FIN",
    condition: """
      An acknowledgment number above that of the peer's FIN, which is the last that the peer can send.
      """,
    advice: """
      The receiver must answer it by an acknowledgment and drop it. It was made by somebody who guesses, \
      or the FIN was forged and the peer has sent more since.
      """,
    references: ["RFC 9293 §3.10.7.4"])
  static let fact: SegmentFacts? = .acknowledgesBeyondFIN

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) acknowledged more than the \(side.peer.name) can ever send after its FIN."
  }
}
