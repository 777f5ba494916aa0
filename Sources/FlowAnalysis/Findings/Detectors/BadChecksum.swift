import FlowTracker

/// `bad-checksum`: segments that their receiver discards.
struct BadChecksum: Detector {
  static let rule = FindingRule(
    id: "bad-checksum", severity: .warning, title: "checksums were wrong",
    condition: """
      A segment that was captured whole, whose TCP checksum is wrong and not the one that is left for \
      the network card to complete.
      """,
    advice: """
      The receiver discards such segments, so that they look lost. Bits were changed on the way (a \
      broken cable, memory or middlebox), or the capture was edited without computing them anew.
      """,
    references: ["RFC 9293 §3.1"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .wrongChecksum

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let seen = subject.sightings(of: .wrongChecksum, by: side) else { return nil }
      return Finding(
        rule, blame: .network, frames: [seen.first, seen.last],
        "\(Quantity.count(seen.count, "segment")) of the \(side.name) had a wrong checksum: the "
          + "\(side.peer.name) discards \(seen.count == 1 ? "it" : "them").")
    }
  }
}
