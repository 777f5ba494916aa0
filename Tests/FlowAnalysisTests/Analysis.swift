import FlowAnalysis
import PacketParser

/// Everything that an analysis gives, to compare.
final class Analysis: AnalysisSink {
  private(set) var connections: [ConnectionReport] = []
  private(set) var summary: TraceSummary?

  func connectionEnded(_ report: ConnectionReport) {
    connections.append(report)
  }

  func captureEnded(_ summary: TraceSummary) {
    self.summary = summary
  }

  /// All of it as text: whatever differs, shows.
  var text: String {
    connections.map { "\($0)" }.joined(separator: "\n") + "\n\(summary.map { "\($0)" } ?? "")"
  }

  /// Analyzes Ethernet frames, a millisecond apart.
  init(_ frames: [[UInt8]], interval: Int64 = 1_000_000) {
    var analyzer = TraceAnalyzer(linkType: .ethernet, labelsFrames: true, sink: self)
    for (index, frame) in frames.enumerated() {
      let info = FrameInfo(
        number: index + 1, time: Timestamp(nanoseconds: Int64(index) * interval),
        wireLength: frame.count)
      withBytes(of: frame) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish()
  }
}
