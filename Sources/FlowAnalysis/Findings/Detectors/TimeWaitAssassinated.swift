import FlowTracker

/// `time-wait-assassinated`: a RST has ended TIME-WAIT.
struct TimeWaitAssassinated: FaultDetector {
  static let rule = FindingRule(
    id: "time-wait-assassinated", severity: .note, title: "a RST ended TIME-WAIT",
    condition: "A RST with the expected number reaches an end in TIME-WAIT.",
    advice: """
      As a rule an old segment has reached that end, which answered it, and the other end has no connection \
      any more. Late segments may now be taken for those of a new connection; Linux keeps TIME-WAIT with \
      net.ipv4.tcp_rfc1337.
      """,
    references: ["RFC 1337"])
  static let fact: SegmentFacts? = .endsTimeWait

  static func blame(for side: Side) -> Finding.Blame { .unknown }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "A RST of the \(side.name) reached the \(side.peer.name) in TIME-WAIT, which may have ended by it."
  }
}
