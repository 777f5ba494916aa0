import FlowAnalysis
import FlowTracker

/// Whether a capture itself can be trusted: it could be read, and nothing is missing in it or in it twice.
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
    for finding in subject.report.findings where finding.blame == .capture {
      add(finding.rule, finding.severity, finding.message, finding.frames, subject.connection)
    }
  }

  mutating func take(_ finding: CaptureFinding) {
    guard FindingCatalogue.ofCaptures.contains(where: { $0.id == finding.rule.id }) else { return }
    add(finding.rule, finding.severity, finding.message, finding.frames, nil)
  }

  private mutating func add(
    _ rule: FindingRule, _ severity: Finding.Severity, _ message: String, _ frames: [Int],
    _ connection: CheckedConnection?
  ) {
    // A capture that was taken where checksums are not finished yet, say, is whole all the same.
    guard severity >= .warning else { return }
    faults.add(
      .init(
        verdict: .fail, connection: connection, found: rule.id, frames: frames,
        finding: (rule, severity, message)))
  }

  func result(_ summary: TraceSummary) -> ExpectationResult {
    var faults = faults
    if let error = summary.error { faults.add(.init(verdict: .fail, found: error)) }
    return faults.result("quality", position, expected: "complete")
  }
}
