import FlowTracker

/// `reset-out-of-window`: a RST that its receiver must ignore.
struct ResetOutOfWindow: Detector {
  static let rule = FindingRule(
    id: "reset-out-of-window", severity: .warning, title: "a RST was out of the window",
    condition: """
      A RST whose sequence number lies outside the receive window of the end it was sent to, or \
      whose checksum is wrong where the sender's others are right.
      """,
    advice: """
      The receiver ignores it and the connection goes on; tools that believe every RST call it reset. \
      It is an old duplicate, the answer to an old segment, or somebody's attempt to cut the \
      connection off.
      """,
    references: ["RFC 9293 §3.5.3", "RFC 9293 §3.10.7.4", "RFC 5961 §3"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .ignoredReset

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .ignoredReset, by: side) else { return nil }
      // Where they all were to refuse a SYN, `reset-wrong-ack` says more.
      guard subject.sightings(of: .refusesOtherSYN, by: side)?.count != seen.count else {
        return nil
      }
      return Finding(
        rule, blame: .unknown, frames: [seen.first, seen.last],
        "\(Quantity.count(seen.count, "RST")) of the \(side.name) lay outside the window: the "
          + "\(side.peer.name) must ignore \(seen.count == 1 ? "it" : "them")."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
