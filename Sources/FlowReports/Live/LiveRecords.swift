public import FlowAnalysis

/// One JSON object a line, as things happen: transitions, handshakes, findings, connections as they end,
/// statistics when they are asked for, then the summary.
public final class LiveRecords: LiveReport {
  private let output: ReportOutput
  private let capture: String
  private let ended: NDJSONReport
  private var json = JSONWriter()

  /// Records of one capture, under the name by which they speak of it.
  public init(to output: ReportOutput, capture: String) {
    self.output = output
    self.capture = capture
    ended = NDJSONReport(to: output, capture: capture)
  }

  public func happened(_ event: ConnectionEvent) {
    json.object { $0.event(event, capture: capture) }
    endLine()
  }

  public func happened(_ event: CaptureEvent) {
    json.object { $0.event(event, capture: capture) }
    endLine()
  }

  public func tell(_ status: LiveStatus) {
    json.object { $0.status(status, capture: capture) }
    endLine()
  }

  public func connectionEnded(_ report: ConnectionReport) { ended.connectionEnded(report) }
  public func found(_ finding: CaptureFinding) { ended.found(finding) }
  public func captureEnded(_ summary: TraceSummary) { ended.captureEnded(summary) }

  private func endLine() {
    json.endLine()
    output.write(json.text)
    json.removeAll()
  }
}
