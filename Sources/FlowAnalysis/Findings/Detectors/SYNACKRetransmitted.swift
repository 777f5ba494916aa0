import FlowTracker

/// `synack-retransmitted`: the server had to answer again.
struct SYNACKRetransmitted: Detector {
  static let rule = FindingRule(
    id: "synack-retransmitted", severity: .note, title: "the SYN-ACK was repeated",
    condition: """
      The same SYN-ACK again, with the same numbers; three times or more are a warning.
      """,
    advice: """
      Where the client's acknowledgment was seen before the repeat, it was lost behind the capture, \
      the server's accept queue is full, or the server waits for data (TCP_DEFER_ACCEPT): look at \
      ListenOverflows in nstat on the server. Else the SYN-ACK was lost, or the client is gone.
      """,
    references: ["RFC 9293 §3.8.1"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .repeatsSYN

  static func judge(_ subject: Subject) -> [Finding] {
    guard let synACK = subject.handshake.synACK,
      let repeats = subject.sightings(of: .repeatsSYN, by: .server)
    else { return [] }
    let ack = subject.handshake.ack?.frame
    let wasAcknowledged = ack.map { $0 < repeats.last } ?? false
    // Where it is never acknowledged, that is the graver thing, and told.
    let isHalfOpen = subject.handshake.outcome == .halfOpen
    return [
      Finding(
        rule, repeats.count >= 3 && !isHalfOpen ? .warning : .note,
        wasAcknowledged ? .likely : .proven,
        blame: wasAcknowledged || isHalfOpen ? .unknown : .network,
        frames: [synACK.frame, wasAcknowledged ? ack : nil, repeats.first, repeats.last],
        wasAcknowledged
          ? "The server repeated its SYN-ACK although it had been acknowledged: the ACK was lost "
            + "behind the capture, the accept queue was full, or the server waits for data."
          : "The server sent its SYN-ACK \(Quantity.count(repeats.count + 1)) times"
            + (isHalfOpen ? "." : " before it was acknowledged."))
    ]
  }
}
