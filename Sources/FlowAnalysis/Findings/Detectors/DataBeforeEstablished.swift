import FlowTracker

/// `data-before-established`: an end sends data before it can.
struct DataBeforeEstablished: Detector {
  static let rule = FindingRule(
    id: "data-before-established", severity: .warning,
    title: "data came before the handshake could be over",
    condition: """
      Payload on a segment with neither SYN nor ACK, of an end that has sent a SYN and has no answer yet; the \
      answer is in the capture, behind it.
      """,
    advice: """
      No stack does this, since a program cannot send before it is connected: it is made by hand, to get past \
      a filter or a detection system, or the capture has mixed up the order of its frames.
      """,
    references: ["RFC 9293 §3.10.2"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .prematurePayload

  static func judge(_ subject: Subject) -> [Finding] {
    guard let answer = subject.handshake.synACK?.frame,
      let seen = subject.sightings(of: .prematurePayload, by: .client), seen.first < answer
    else { return [] }
    return [
      Finding(
        rule, blame: .client, frames: [seen.first, answer],
        "The client sent data before the server had answered its SYN.")
    ]
  }
}
