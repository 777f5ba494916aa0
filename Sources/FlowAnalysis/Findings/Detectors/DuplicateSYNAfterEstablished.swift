import FlowTracker

/// `duplicate-syn-after-established`: the SYN of the handshake again, when that was over.
struct DuplicateSYNAfterEstablished: Detector {
  static let rule = FindingRule(
    id: "duplicate-syn-after-established", severity: .note,
    title: "the first SYN came again later",
    condition:
      "The SYN of the handshake again, with the same number, after the handshake was complete.",
    advice: """
      The network held a copy or a repeat of it back. The server answers by an acknowledgment, and \
      nothing else changes. Many of them mean that a path duplicates or delays segments.
      """,
    references: ["RFC 9293 §3.10.7.4", "RFC 5961 §4.2"])
  static let needs: Aspects = .irregular

  static func judge(_ subject: Subject) -> [Finding] {
    let seen = subject[irregularities: .client]
    guard seen.lateSYNs > 0 else { return [] }
    return [
      Finding(
        rule, blame: .network, frames: [subject.handshake.syn?.frame, seen.latestLateSYN],
        "The client's SYN came again \(Quantity.count(seen.lateSYNs, "time")) after the handshake was over: "
          + "the network had held it back.")
    ]
  }
}
