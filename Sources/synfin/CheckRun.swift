import FlowAnalysis
import FlowReports
import FlowTracker
import TraceChecks

/// The captures of a plan, held against their expectations by as many threads as wanted.
struct CheckRun: Sendable {
  /// So many connections of a capture have the part of their ladder told that matters.
  private static let laddersAtMost = 3

  private let items: [CheckPlan.Item]
  private let limits: TrackerLimits
  private let baseline: Baseline?
  /// The name under which a baseline knows a capture; `nil` where there is none.
  private let baselineName: (@Sendable (String) -> String)?
  /// How wide ladders are; `nil` where none are told.
  private let ladderColumns: Int?
  private let jobs: Int
  /// Whether a capture is decoded on one thread and analyzed on another.
  private let usesTwoThreads: Bool
  private let state = Monitor(State())

  private struct State {
    var next = 0
    var captures: [Int: CheckedCapture] = [:]
    var found = Baseline()
  }

  init(
    _ items: [CheckPlan.Item], limits: TrackerLimits, against baseline: Baseline?,
    baselineName: (@Sendable (String) -> String)?, ladderColumns: Int?, jobs: Int
  ) {
    self.items = items
    self.limits = limits
    self.baseline = baseline
    self.baselineName = baselineName
    self.ladderColumns = ladderColumns
    self.jobs = jobs
    usesTwoThreads = jobs >= 2 * items.count
  }

  /// What came of each, in the order of the plan.
  func run() -> [CheckedCapture] {
    Threads.run(min(jobs, items.count)) {
      while let index = takeNext() {
        let (checked, findings) = check(items[index])
        state.with { state in
          state.captures[index] = checked
          if let findings { state.found.accept(findings) }
        }
      }
    }
    return state.with { state in items.indices.compactMap { state.captures[$0] } }
  }

  /// The findings of all captures, as a baseline that accepts them.
  var found: Baseline { state.with { $0.found } }

  private func takeNext() -> Int? {
    state.with { state in
      guard state.next < items.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func check(_ item: CheckPlan.Item) -> (CheckedCapture, CollectedFindings?) {
    let check = ExpectationCheck(item.expectations ?? .none)
    let findings = baselineName.map { CollectedFindings(capture: $0(item.capture)) }
    let error =
      findings.map { read(item, ladder: nil, into: SinkPair(check, $0)) }
      ?? read(item, ladder: nil, into: check)
    var checked = CheckedCapture(
      capture: item.capture, expectations: item.expectations?.file, results: check.results,
      error: error)
    if let baseline, let findings {
      checked.results += baseline.results(of: findings, error: error)
    }
    if ladderColumns != nil, !InputFile.isStream(item.capture) { addLadders(to: &checked, item) }
    return (checked, findings)
  }

  /// Reads the capture once more for each connection that is not as expected: its segments were not kept,
  /// since of most captures nobody wants them.
  private func addLadders(to checked: inout CheckedCapture, _ item: CheckPlan.Item) {
    var told: Set<Int> = []
    for result in checked.results.indices where checked.results[result].verdict == .fail {
      guard told.count < Self.laddersAtMost, let found = checked.results[result].mismatches.first,
        let number = found.connection?.number, told.insert(number).inserted
      else { continue }
      let sink = LadderSink(number)
      _ = read(
        item, ladder: LadderRequest(connection: number), into: sink,
        isCancelled: { sink.report != nil })
      guard let ladder = sink.report.flatMap({ Ladder($0) }) else { continue }
      checked.results[result].mismatches[0].ladder = LadderExcerpt.render(
        ladder, around: found.frames, style: TextStyle(columns: ladderColumns))
    }
  }

  /// - Returns: Why the capture could not be read to its end; `nil` if it was.
  private func read(
    _ item: CheckPlan.Item, ladder: LadderRequest?, into sink: some AnalysisSink,
    isCancelled: () -> Bool = { false }
  ) -> String? {
    let reading = CaptureReading(
      filter: item.expectations?.filter, limits: limits, showsProgress: false,
      usesTwoThreads: usesTwoThreads)
    var sink: any AnalysisSink = sink
    do {
      return try reading.analyze(
        item.capture, labelsFrames: false, measuresRoundTrips: true, ladder: ladder, into: &sink,
        isCancelled: isCancelled
      ).error
    } catch {
      return "'\(item.capture)': \(error)"
    }
  }
}

/// Tells two sinks of everything.
private struct SinkPair: AnalysisSink {
  private var first: any AnalysisSink
  private var second: any AnalysisSink

  init(_ first: some AnalysisSink, _ second: some AnalysisSink) {
    self.first = first
    self.second = second
  }

  mutating func connectionEnded(_ report: ConnectionReport) {
    first.connectionEnded(report)
    second.connectionEnded(report)
  }

  mutating func found(_ finding: CaptureFinding) {
    first.found(finding)
    second.found(finding)
  }

  mutating func captureEnded(_ summary: TraceSummary) {
    first.captureEnded(summary)
    second.captureEnded(summary)
  }
}

/// Keeps the report of one connection.
private final class LadderSink: AnalysisSink {
  private(set) var report: ConnectionReport?
  private let number: Int

  init(_ number: Int) {
    self.number = number
  }

  func wantsReport(of number: Int) -> Bool { number == self.number }

  func connectionEnded(_ report: ConnectionReport) {
    if report.number == number { self.report = report }
  }

  func captureEnded(_ summary: TraceSummary) {}
}
