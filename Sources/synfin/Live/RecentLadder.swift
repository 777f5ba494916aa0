import FlowAnalysis
import FlowReports
import PacketCapture
import PacketParser

/// The ladder of a connection, as far as the latest frames go back.
enum RecentLadder {
  /// Lines of `columns` characters that tell the story of a connection.
  ///
  /// - Parameters:
  ///   - row: The connection as the whole capture knows it.
  ///   - ring: The latest frames of the capture.
  ///   - linkType: What they begin with.
  ///   - columns: How wide lines may be.
  /// - Returns: The lines, or one that says that none of its segments is there.
  static func lines(
    of row: ConnectionReport, in ring: borrowing FrameRing, _ linkType: LinkType, columns: Int
  ) -> [String] {
    let finder = Finder(client: row.client, server: row.server)
    replay(ring, linkType, nil, into: finder)
    guard let found = finder.latest else {
      return ["None of its segments is among the latest frames."]
    }
    let teller = Finder(client: row.client, server: row.server)
    replay(ring, linkType, LadderRequest(connection: found.number), into: teller)
    guard let report = teller.latest, let ladder = Ladder(report) else {
      return []
    }
    let text = LadderFormat.text.render(
      ladder, capture: "", style: TextStyle(columns: columns, usesColor: false))
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func replay(
    _ ring: borrowing FrameRing, _ linkType: LinkType, _ request: LadderRequest?,
    into finder: Finder
  ) {
    var replay = Replay(TraceAnalyzer(linkType: linkType, ladder: request, sink: finder))
    ring.forEachFrame(&replay)
    _ = replay.analyzer.finish()
  }

  private struct Replay: FrameReceiver, ~Copyable {
    var analyzer: TraceAnalyzer

    init(_ analyzer: consuming TraceAnalyzer) {
      self.analyzer = analyzer
    }

    mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
      analyzer.ingest(frame, info)
      return .next
    }
  }

  /// Keeps the latest connection between two sockets.
  private final class Finder: AnalysisSink {
    private let ends: Set<SocketAddress>
    private(set) var latest: ConnectionReport?

    init(client: SocketAddress, server: SocketAddress) {
      ends = [client, server]
    }

    func connectionEnded(_ report: ConnectionReport) {
      guard ends == [report.client, report.server], report.number > latest?.number ?? 0 else {
        return
      }
      latest = report
    }

    func captureEnded(_ summary: TraceSummary) {}
  }
}
