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
  /// Whether the results of a capture are written by a thread of their own.
  private let writesBeside: Bool
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
    labelsFrames: Bool, writesBeside: Bool, to output: OrderedOutput
  ) {
    self.files = files
    self.reading = reading
    self.format = format
    self.style = style
    self.labelsFrames = labelsFrames
    self.writesBeside = writesBeside
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
    // What can be read only once may be meant for a capture before this one too.
    if InputFile.isStream(files[capture]) { output.waitForTurn(of: capture) }
    guard let summary = writesBeside ? analyzeBeside(capture) : analyzeAlone(capture) else {
      return
    }
    state.with { $0.summaries[capture] = summary }
    if let error = summary.error {
      try? output.write(Array(Diagnostics.text(ofError: error).utf8), to: .errors, of: capture)
    }
    output.end(capture)
  }

  private func analyzeAlone(_ capture: Int) -> TraceSummary? {
    var summary: TraceSummary?
    write(capture) { summary = analyze(capture, into: &$0) }
    return summary
  }

  /// Has another thread write what this one finds out, if the system has one.
  private func analyzeBeside(_ capture: Int) -> TraceSummary? {
    let channel = ResultChannel()
    var summary: TraceSummary?
    let hasRun = Threads.run(
      beside: { write(capture) { channel.tellAll(to: &$0) } },
      {
        var sink: any AnalysisSink = DistantSink(into: channel)
        summary = analyze(capture, into: &sink)
        channel.end()
      })
    return hasRun ? summary : analyzeAlone(capture)
  }

  /// Writes all that a sink for the capture is told.
  private func write(_ capture: Int, _ tell: (inout any AnalysisSink) -> Void) {
    let report = self.report(of: capture)
    var sink = format.sink(to: report, capture: files[capture], style: style)
    tell(&sink)
    report.flush()
  }

  /// - Returns: What the capture came to; `nil` where the filter is at fault, or nothing is wanted any more.
  private func analyze(_ capture: Int, into sink: inout any AnalysisSink) -> TraceSummary? {
    let path = files[capture]
    do {
      return try reading.analyze(
        path, labelsFrames: labelsFrames, measuresRoundTrips: format.tellsRoundTrips, into: &sink,
        isCancelled: { output.isCancelled }, mayShowProgress: { output.hasTurn(capture) })
    } catch {
      output.waitForTurn(of: capture)
      guard output.hasTurn(capture) else { return nil }
      guard hasReadCapture(before: capture) else {
        refuse(error)
        return nil
      }
      return reading.giveUp(path, "'\(path)': \(error)", &sink)
    }
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
