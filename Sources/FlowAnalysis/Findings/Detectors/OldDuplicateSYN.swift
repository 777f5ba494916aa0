import FlowTracker

/// `old-duplicate-syn`: a SYN of before was answered first.
struct OldDuplicateSYN: Detector {
  static let rule = FindingRule(
    id: "old-duplicate-syn", severity: .note, title: "the answer to an old SYN was rejected",
    condition: """
      A SYN-ACK for another SYN of the same addresses and ports, which the client rejected by a RST without \
      ACK, and then a handshake of its own that was completed.
      """,
    advice: """
      The network held a SYN back, or the client had given up and tried again: this is what the handshake \
      has three ways for. Many of them mean that the path delays segments for seconds.
      """,
    references: ["RFC 9293 §3.5"])
  static let needs: Aspects = [.answered, .open]

  static func judge(_ subject: Subject) -> [Finding] {
    let handshake = subject.handshake
    guard handshake.outcome == .complete, let syn = handshake.syn, let synACK = handshake.synACK,
      handshake.traits.contains(.rejectedAnswer) || subject.predecessor == .rejected
    else { return [] }
    return [
      Finding(
        rule, .note, .likely, blame: .network, frames: [syn.frame, synACK.frame],
        "Before this handshake the server had answered another SYN of the same ports, an old duplicate or "
          + "one that was given up; the client rejected that answer.")
    ]
  }
}
