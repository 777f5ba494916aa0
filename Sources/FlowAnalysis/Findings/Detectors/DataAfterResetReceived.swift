import FlowTracker

/// `data-after-reset-received`: a RST had no effect.
struct DataAfterResetReceived: Detector {
  static let rule = FindingRule(
    id: "data-after-reset-received", severity: .warning,
    title: "an end went on after a RST had come to it",
    condition: """
      An end sends for more than a round trip after a RST that it must accept was seen on its way to it, or \
      acknowledges bytes beyond that RST.
      """,
    advice: """
      The RST was lost behind the place of the capture, or the end has ignored it: some do so with RSTs that \
      firewalls inject. The other end has no connection any more and answers by more RSTs.
      """,
    references: ["RFC 9293 §3.5.3"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .refutesReset

  static func judge(_ subject: Subject) -> [Finding] {
    let sender = subject.closing.latestResetBy
    guard let seen = subject.sightings(of: .refutesReset, by: sender.peer) else { return [] }
    return [
      Finding(
        rule, blame: .unknown, frames: [seen.first, seen.last],
        "The \(sender.peer.name) went on after a RST of the \(sender.name) had passed on its way to it: "
          + "that was lost, or ignored.")
    ]
  }
}
