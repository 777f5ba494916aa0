public import FlowAnalysis
import FlowTracker

/// The findings of one capture at warning or above, each kind between two hosts once.
public final class CollectedFindings: AnalysisSink {
  /// Beyond that, what is new can no longer be told from what is not.
  static let atMost = 10_000

  let capture: String
  /// There were more than can be told apart.
  private(set) var isFull = false
  private(set) var findings: [FindingFingerprint: ExpectationResult.Mismatch] = [:]

  /// - Parameter capture: The name under which the findings are known.
  public init(capture: String) {
    self.capture = capture
  }

  public func connectionEnded(_ report: ConnectionReport) {
    for finding in report.findings where finding.severity >= .warning {
      add(FindingFingerprint(finding, of: report, in: capture)) {
        CheckedReport(report, patience: 0).mismatch(of: finding)
      }
    }
  }

  public func found(_ finding: CaptureFinding) {
    guard finding.severity >= .warning else { return }
    add(FindingFingerprint(finding, in: capture)) { finding.mismatch }
  }

  private func add(
    _ fingerprint: FindingFingerprint, _ mismatch: () -> ExpectationResult.Mismatch
  ) {
    guard findings[fingerprint] == nil else { return }
    guard findings.count < Self.atMost else {
      isFull = true
      return
    }
    findings[fingerprint] = mismatch()
  }

  public func captureEnded(_ summary: TraceSummary) {}
}
