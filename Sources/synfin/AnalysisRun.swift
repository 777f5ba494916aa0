import FlowAnalysis
import FlowReports
import PacketCapture

/// The analysis of captures, of as many at the same time as there are threads; results do not show how many.
struct AnalysisRun: Sendable {
  private let files: [String]
  private let reading: CaptureReading
  private let format: ReportFormat
  private let style: TextStyle
  private let labelsFrames: Bool
  private let output: OrderedOutput
  private let state = Monitor(State())

  private struct State {
    /// The capture that is taken up next.
    var next = 0
    var summaries: [Int: TraceSummary] = [:]
    var refusal: CaptureError?
  }

  init(
    of files: [String], _ reading: CaptureReading, _ format: ReportFormat, _ style: TextStyle,
    labelsFrames: Bool, to output: OrderedOutput
  ) {
    self.files = files
    self.reading = reading
    self.format = format
    self.style = style
    self.labelsFrames = labelsFrames
    self.output = output
  }

  /// Analyzes the captures, no more than `jobs` at the same time.
  ///
  /// - Parameter jobs: How many threads there are at most, this one among them.
  /// - Returns: What each capture came to, as far as they were read.
  /// - Throws: `CaptureError.filter` if the filter is at fault.
  func run(jobs: Int) throws(CaptureError) -> [TraceSummary] {
    Threads.run(min(jobs, files.count)) {
      while let capture = takeNext() { analyze(capture) }
    }
    let (summaries, refusal) = state.with { ($0.summaries, $0.refusal) }
    if let refusal { throw refusal }
    let captures = files.indices.compactMap { summaries[$0] }
    if captures.count > 1, !output.isCancelled {
      let report = self.report(of: files.count)
      format.writeTotals(of: captures, to: report, style: style)
      report.flush()
    }
    return captures
  }

  private func takeNext() -> Int? {
    guard !output.isCancelled else { return nil }
    return state.with { state in
      guard state.next < files.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func analyze(_ capture: Int) {
    let path = files[capture]
    // What can be read only once may be meant for a capture before this one too.
    if InputFile.isStream(path) { output.waitForTurn(of: capture) }
    let report = self.report(of: capture)
    var sink = format.sink(to: report, capture: path, style: style)
    let summary: TraceSummary
    do {
      summary = try reading.analyze(
        path, labelsFrames: labelsFrames, measuresRoundTrips: format.tellsRoundTrips, into: &sink,
        isCancelled: { output.isCancelled }, mayShowProgress: { output.hasTurn(capture) })
    } catch {
      output.waitForTurn(of: capture)
      guard output.hasTurn(capture) else { return }
      guard hasReadCapture(before: capture) else { return refuse(error) }
      summary = reading.giveUp(path, "'\(path)': \(error)", &sink)
    }
    state.with { $0.summaries[capture] = summary }
    report.flush()
    if let error = summary.error {
      try? output.write(Array(Diagnostics.text(ofError: error).utf8), to: .errors, of: capture)
    }
    output.end(capture)
  }

  /// Whether a filter can be right: one that no capture has taken is wrong usage, one that does not suit the
  /// link type of another capture is that capture's trouble.
  private func hasReadCapture(before capture: Int) -> Bool {
    state.with { state in
      state.summaries.contains { $0.key < capture && $0.value.linkType != nil }
    }
  }

  private func refuse(_ filter: CaptureError) {
    state.with { $0.refusal = filter }
    output.cancel()
  }

  private func report(of capture: Int) -> ReportOutput {
    ReportOutput(isContinued: capture > 0) { [output] in
      try output.write($0, to: .results, of: capture)
    }
  }
}
