import FlowTracker

/// `reset-forged-suspect`: somebody else has sent the RST.
struct ResetForgedSuspect: Detector {
  static let rule = FindingRule(
    id: "reset-forged-suspect", severity: .warning, title: "a RST may be forged",
    condition: """
      A RST of an end that went on sending after it. Where only its time to live differs by 3 or more from \
      that of the end's SYN or FIN, it is a note.
      """,
    advice: """
      A firewall, an intrusion prevention system or a censor ends connections so, in the name of either end. \
      Capture at that end: if it has not sent the RST, look at the time to live for how far away the sender \
      is. Some hosts send RSTs with a time to live of their own.
      """,
    references: ["RFC 5961 §1", "RFC 3360"])

  /// Routes change by a hop or two.
  private static let leastDifference = 3
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    // Whoever scans makes SYNs by hand, and the host's own TCP resets what answers them.
    guard subject.handshake.outcome != .aborted else { return [] }
    return Side.allCases.compactMap { side in
      let history = subject.history(of: side)
      let refuted =
        subject.closing.latestResetBy == side
        ? subject.sightings(of: .refutesReset, by: side) : nil
      var hops: (usual: UInt8, reset: UInt8)?
      if let usual = history.hopLimit, let reset = history.resetHopLimit,
        abs(Int(usual) - Int(reset)) >= leastDifference
      {
        hops = (usual, reset)
      }
      guard refuted != nil || hops != nil else { return nil }
      let reset = subject.report.close.reset.flatMap { $0.by == side ? $0.mark.frame : nil }
      let reasons = [
        refuted.map { _ in "the \(side.name) went on after it" },
        hops.map {
          "its time to live was \($0.reset), that of the \(side.name)'s SYN or FIN \($0.usual)"
        },
      ].compactMap(\.self)
      return Finding(
        rule, refuted == nil ? .note : .warning,
        refuted != nil && hops != nil ? .likely : .possible, blame: .unknown,
        frames: [reset, refuted?.first],
        "A RST in the \(side.name)'s name may come from somebody else: "
          + "\(reasons.joined(separator: ", and ")).")
    }
  }
}
