import FlowTracker

/// `segment-exceeds-mss`: a sender did not keep to the maximum segment size.
struct SegmentExceedsMSS: Detector {
  static let rule = FindingRule(
    id: "segment-exceeds-mss", severity: .warning,
    title: "segments were larger than their receiver takes",
    condition: """
      Payload beyond the maximum segment size that its receiver has offered, where that is less than 1,000 bytes, \
      and beyond 536, which every host takes, but no more than 1,460. Where the capture was taken at one of the \
      ends, whose network card or driver may have made one of several, it is a note.
      """,
    advice: """
      A receiver may have no room for it, or a link before it may not let it through, so that nothing but small \
      segments get there. The sender's stack ignores the option, or a device on the way has put a smaller one \
      into the SYN than the sender got.
      """,
    references: ["RFC 9293 §3.7.1"])
  static let needs: Aspects = .irregular

  /// What is larger fits into no frame of an Ethernet: it was one of several on the wire.
  private static let largestPayload = 1460

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let (seen, largest) = subject.oversizedSegments(of: side),
        largest <= largestPayload, let offer = subject.history(of: side.peer).offer
      else { return nil }
      let isBetween = subject.report.vantage?.at == .between
      return Finding(
        rule, isBetween ? .warning : .note, isBetween ? .likely : .possible, blame: .init(side),
        frames: [seen.first, seen.last],
        "\(Quantity.count(seen.count, "segment")) of the \(side.name) had up to "
          + "\(Quantity.count(largest)) bytes, though the \(side.peer.name) offered to take "
          + "\(Quantity.count(offer.maximumSegmentSize))."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
