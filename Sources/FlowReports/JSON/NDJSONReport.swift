public import FlowAnalysis
import FlowTracker
import PacketParser

/// One JSON object a line: connections as they end, what many of them show together, then the summary.
public final class NDJSONReport: AnalysisSink {
  /// The version of the records: raised when a field is renamed or removed, not when one is added.
  public static let schema = 1

  private let output: ReportOutput
  private let capture: String
  private var json = JSONWriter()

  /// A report of one capture, under the name by which its records speak of it.
  public init(to output: ReportOutput, capture: String) {
    self.output = output
    self.capture = capture
  }

  public func connectionEnded(_ report: ConnectionReport) {
    json.object { $0.connection(report, capture: capture) }
    endLine()
  }

  public func found(_ finding: CaptureFinding) {
    json.object { $0.captureFinding(finding, capture: capture) }
    endLine()
  }

  public func captureEnded(_ summary: TraceSummary) {
    json.object { $0.summary(summary) }
    endLine()
  }

  private func endLine() {
    json.endLine()
    output.write(json.text)
    json.removeAll()
  }
}
