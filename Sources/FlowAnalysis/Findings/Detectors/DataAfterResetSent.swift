import FlowTracker

/// `data-after-reset-sent`: an end goes on after it has given up.
struct DataAfterResetSent: Detector {
  static let rule = FindingRule(
    id: "data-after-reset-sent", severity: .warning, title: "data followed an end's own RST",
    condition: """
      Payload of an end beyond the sequence number of the RST with ACK by which it has given the connection up.
      """,
    advice: """
      Whoever gives a connection up sends nothing more. Either somebody else has sent the RST in its name \
      (a firewall, a censor: compare the time to live), or the stack is broken.
      """,
    references: ["RFC 9293 §3.10.5", "RFC 9293 §3.5.2"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .payloadAfterOwnReset
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      // Where it goes on for long, `reset-forged-suspect` says more.
      guard subject.sightings(of: .refutesReset, by: side) == nil,
        let seen = subject.sightings(of: .payloadAfterOwnReset, by: side)
      else { return nil }
      return Finding(
        rule, blame: .unknown,
        frames: [subject.closing.reset?.frame, seen.first, seen.last],
        "The \(side.name) sent data after a RST in its own name.")
    }
  }
}
