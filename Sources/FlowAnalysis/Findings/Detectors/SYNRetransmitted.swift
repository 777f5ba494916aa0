import FlowTracker

/// `syn-retransmitted`: the client had to ask again.
struct SYNRetransmitted: Detector {
  static let rule = FindingRule(
    id: "syn-retransmitted", severity: .note, title: "the SYN was repeated",
    condition: """
      The same SYN again, with the same sequence number; three times or more are a warning.
      """,
    advice: """
      The SYN or its answer was lost, or the server was slow to answer. Each repeat delays the \
      connection by a second or more.
      """,
    references: ["RFC 9293 §3.8.1", "RFC 6298 §5"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .repeatsSYN

  static func judge(_ subject: Subject) -> [Finding] {
    guard let syn = subject.handshake.syn,
      let repeats = subject.sightings(of: .repeatsSYN, by: .client),
      // Those that come when all is over are told apart.
      subject.handshake.ack.map({ repeats.first < $0.frame }) ?? true
    else { return [] }
    // Where nothing answers, that is the graver thing, and told.
    let isAnswered = subject.handshake.outcome != .unanswered
    return [
      Finding(
        rule, repeats.count >= 3 && isAnswered ? .warning : .note,
        blame: isAnswered ? .network : .unknown,
        frames: [syn.frame, repeats.first, repeats.last],
        "The client sent its SYN \(Quantity.count(repeats.count + 1)) times: it, or the answer to "
          + "it, was lost or late.")
    ]
  }
}
