import FlowTracker

/// `gap-in-capture`: the capture lacks what a receiver had.
struct GapInCapture: Detector {
  static let rule = FindingRule(
    id: "gap-in-capture", severity: .note, title: "the capture lacks segments",
    condition: "Bytes that were never seen are acknowledged by their receiver.",
    advice: """
      They were not lost: the capture missed them, because it was too slow, began late, or sees one \
      of several paths. Whatever is missing from this connection may be so for the same reason.
      """,
    references: [])
  static let needs: Aspects = .irregular
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let sent = subject[irregularities: side]
      guard sent.gaps > 0 else { return nil }
      let seen = subject.sightings(of: .acknowledgesUnseen, by: side.peer)
      return Finding(
        rule, blame: .capture, frames: [seen?.first, seen?.last],
        "The capture lacks \(Quantity.bytes(sent.gapBytes)) of the \(side.name), which the "
          + "\(side.peer.name) has acknowledged.")
    }
  }
}
