import FlowAnalysis
import FlowTracker

/// Whether a capture itself can be trusted: it could be read to its end, and nothing is missing in it.
struct QualityCheck {
  private let position: TextPosition
  private var faults = Tally()

  init(_ position: TextPosition) {
    self.position = position
  }

  mutating func take(_ subject: CheckedReport) {
    let lacking = subject.client.gapBytes + subject.server.gapBytes
    if lacking > 0 {
      let found = "\(Quantity.count(lacking, "byte")) that the capture lacks"
      faults.add(.init(verdict: .fail, connection: subject.connection, found: found))
    }
    // A capture that was taken where checksums are not finished yet, say, is whole all the same.
    for finding in subject.report.findings
    where finding.blame == .capture && finding.severity >= .warning {
      var mismatch = subject.mismatch(of: finding)
      (mismatch.verdict, mismatch.doubt) = (.fail, nil)
      faults.add(mismatch)
    }
  }

  mutating func take(_ finding: CaptureFinding) {
    guard finding.severity >= .warning,
      FindingCatalogue.ofCaptures.contains(where: { $0 === finding.rule })
    else { return }
    faults.add(finding.mismatch)
  }

  func result(_ summary: TraceSummary) -> ExpectationResult {
    var faults = faults
    if let error = summary.error { faults.add(.init(verdict: .fail, found: error)) }
    return faults.result("quality", position, expected: "complete")
  }
}
