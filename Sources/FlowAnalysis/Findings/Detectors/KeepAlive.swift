import FlowTracker

/// `keep-alive`: an idle end asked whether the other is still there.
struct KeepAlive: Detector {
  static let rule = FindingRule(
    id: "keep-alive", severity: .note, title: "keep-alives were sent",
    condition: """
      A segment of at most one byte at the sequence number before the next one, with nothing \
      outstanding, towards an end that never shut its window.
      """,
    advice: "Legal. The end that sends them wants to know whether its peer is still there.",
    references: ["RFC 9293 §3.8.4"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .probe

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard subject[irregularities: side.peer].zeroWindows == 0,
        let seen = subject.sightings(of: .probe, by: side)
      else { return nil }
      return Finding(
        rule, blame: .init(side), frames: [seen.first, seen.last],
        "The \(side.name) sent \(Quantity.count(seen.count, "keep-alive")) to see whether the "
          + "\(side.peer.name) was still there.")
    }
  }
}
