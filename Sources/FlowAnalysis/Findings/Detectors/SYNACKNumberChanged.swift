import FlowTracker

/// `synack-isn-changed`: the server answers one SYN by two numbers.
struct SYNACKNumberChanged: Detector {
  static let rule = FindingRule(
    id: "synack-isn-changed", severity: .warning, title: "a second SYN-ACK had another number",
    condition: """
      A SYN-ACK with another initial sequence number than the one before, to the same SYN, which was \
      not acknowledged yet.
      """,
    advice: """
      The server was restarted or forgot its first answer (a table of half-open connections that is \
      full), several hosts share its address and each answers, or somebody forges answers.
      """,
    references: ["RFC 9293 §3.5", "RFC 9293 §3.4.1"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .changesInitialSequence

  static func judge(_ subject: Subject) -> [Finding] {
    guard let changes = subject.sightings(of: .changesInitialSequence, by: .server) else {
      return []
    }
    return [
      Finding(
        rule, blame: .server,
        frames: [subject.handshake.syn?.frame, changes.first, changes.last],
        "The server answered the same SYN again with another sequence number.")
    ]
  }
}
