import FlowAnalysis

/// The way of results from the thread that analyzes a capture to the one that writes them.
///
/// There is room for a few batches: who is ahead waits for the other, so that memory stays what it is.
final class ResultChannel: Sendable {
  private static let batches = 4

  private let state = Monitor(State())

  private struct State {
    /// The first one is the next to be told.
    var full: [[AnalysisResult]] = []
    var hasEnded = false

    /// Adds a batch; `nil` as long as there is no room.
    mutating func add(_ batch: [AnalysisResult]) -> Void? {
      guard full.count < ResultChannel.batches else { return nil }
      return full.append(batch)
    }

    /// The next batch, or that there is none; `nil` as long as neither is known.
    mutating func next() -> [AnalysisResult]?? {
      if !full.isEmpty { return .some(full.removeFirst()) }
      return hasEnded ? .some(nil) : nil
    }
  }

  /// Hands over a batch, when there is room.
  fileprivate func put(_ batch: [AnalysisResult]) {
    state.wait { $0.add(batch) }
  }

  /// No more results come.
  func end() {
    state.with { $0.hasEnded = true }
  }

  /// Tells a sink all results, in order, until no more come.
  func tellAll(to sink: inout any AnalysisSink) {
    while let batch = state.wait(for: { $0.next() }) {
      for result in batch { result.tell(&sink) }
    }
  }
}

/// A sink that wants all reports and has another thread tell them.
struct DistantSink: AnalysisSink {
  private static let resultsPerBatch = 64

  private let channel: ResultChannel
  private var batch: [AnalysisResult] = []

  init(into channel: ResultChannel) {
    self.channel = channel
  }

  mutating func connectionEnded(_ report: ConnectionReport) { add(.connection(report)) }
  mutating func unansweredEnded(_ tally: UnansweredTally) { add(.unanswered(tally)) }
  mutating func found(_ finding: CaptureFinding) { add(.finding(finding)) }

  /// It is the last one.
  mutating func captureEnded(_ summary: TraceSummary) {
    add(.summary(summary))
    handOver()
  }

  private mutating func add(_ result: AnalysisResult) {
    batch.append(result)
    if batch.count == Self.resultsPerBatch { handOver() }
  }

  private mutating func handOver() {
    channel.put(batch)
    batch = []
    batch.reserveCapacity(Self.resultsPerBatch)
  }
}

/// What a sink is told.
private enum AnalysisResult: Sendable {
  case connection(ConnectionReport)
  case unanswered(UnansweredTally)
  case finding(CaptureFinding)
  case summary(TraceSummary)

  func tell(_ sink: inout any AnalysisSink) {
    switch self {
    case .connection(let report): sink.connectionEnded(report)
    case .unanswered(let tally): sink.unansweredEnded(tally)
    case .finding(let finding): sink.found(finding)
    case .summary(let summary): sink.captureEnded(summary)
    }
  }
}
