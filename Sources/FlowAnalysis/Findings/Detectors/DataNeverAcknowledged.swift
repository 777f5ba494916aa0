import FlowTracker

/// `data-never-acked`: data without an answer.
struct DataNeverAcknowledged: Detector {
  static let rule = FindingRule(
    id: "data-never-acked", severity: .error, title: "data was never acknowledged",
    condition: """
      Payload of an open connection that the other end has not acknowledged, although the capture \
      goes on for at least 60 seconds.
      """,
    advice: """
      The other host or the path to it is gone: no program can keep a host from acknowledging data \
      for which its window has room. Look for a route, a firewall or a host that went away then.
      """,
    references: ["RFC 9293 §3.8.3"])
  static let needs: Aspects = .open
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    let last = subject.report.last
    guard subject.wasOpen, subject.report.close.reset == nil,
      subject.captureWentOn(after: last) >= Subject.idleTime
    else { return [] }
    return Side.allCases.compactMap { side in
      let bytes = subject.unacknowledgedPayload(of: side)
      guard bytes > 0, subject[side.peer].packets > 0 else { return nil }
      let repeats = subject.sightings(of: .repeatsData, by: side)
      return Finding(
        rule, blame: .unknown, frames: [repeats?.first, repeats?.last, last.frame],
        "\(Quantity.bytes(UInt64(bytes))) of the \(side.name) were never acknowledged: the "
          + "\(side.peer.name), or the way to it, is gone."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
