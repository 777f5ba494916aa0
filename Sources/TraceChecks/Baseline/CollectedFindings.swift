public import FlowAnalysis
import FlowTracker

/// The findings of one capture at warning or above, each kind between two hosts once.
public final class CollectedFindings: AnalysisSink {
  /// Beyond that, what is new can no longer be told from what is not.
  private static let atMost = 10_000

  let capture: String
  private(set) var findings: [FindingFingerprint: ExpectationResult.Mismatch] = [:]

  /// - Parameter capture: The name under which the findings are known.
  public init(capture: String) {
    self.capture = capture
  }

  public func connectionEnded(_ report: ConnectionReport) {
    for finding in report.findings where finding.severity >= .warning {
      let fingerprint = FindingFingerprint(finding, of: report, in: capture)
      guard findings[fingerprint] == nil, findings.count < Self.atMost else { continue }
      findings[fingerprint] = CheckedReport(report, patience: 0).mismatch(of: finding)
    }
  }

  public func found(_ finding: CaptureFinding) {
    let fingerprint = FindingFingerprint(finding, in: capture)
    guard finding.severity >= .warning, findings.count < Self.atMost else { return }
    findings[fingerprint] = .init(
      verdict: .fail, found: finding.rule.id, frames: finding.frames,
      finding: (finding.rule, finding.severity, finding.message))
  }

  public func captureEnded(_ summary: TraceSummary) {}
}
