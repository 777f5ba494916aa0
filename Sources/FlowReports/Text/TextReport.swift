public import FlowAnalysis
import FlowTracker
import PacketParser

/// A table of the connections in order of their first packets, then the totals.
public struct TextReport: AnalysisSink {
  private let output: ReportOutput
  private let style: TextStyle
  /// The first connections of the capture, in the order in which they ended.
  private var kept: [ConnectionReport] = []

  public init(to output: ReportOutput, style: TextStyle) {
    self.output = output
    self.style = style
  }

  public mutating func connectionEnded(_ report: ConnectionReport) {
    guard report.number <= style.limit else { return }
    kept.append(report)
  }

  public mutating func captureEnded(_ summary: TraceSummary) {
    kept.sort { $0.number < $1.number }
    if !kept.isEmpty {
      output.write(table(since: summary.firstTime ?? kept[0].first.time).render(style))
      if summary.connections > kept.count {
        output.write(
          "… and \(Quantity.count(summary.connections - kept.count)) more; --limit shows them\n")
      }
      output.write("\n")
    }
    output.write(TotalsText.lines(of: summary))
  }

  private func table(since start: Timestamp) -> TextTable {
    var table = TextTable(columns: [
      .init(title: "#", alignsRight: true),
      .init(title: "start", alignsRight: true, dispensability: 3),
      .init(title: "client"),
      .init(title: "server"),
      .init(title: "handshake"),
      .init(title: "close"),
      .init(title: "client is", dispensability: 2),
      .init(title: "server is", dispensability: 1),
      .init(title: "packets", alignsRight: true, dispensability: 5),
      .init(title: "payload", alignsRight: true, dispensability: 4),
      .init(title: "duration", alignsRight: true, dispensability: 6),
    ])
    for report in kept {
      table.append([
        .init(String(report.number), .faint),
        .init(Quantity.seconds(nanoseconds: report.first.time.nanoseconds(since: start)), .faint),
        .init(report.client.description),
        .init(report.server.description),
        handshake(report),
        close(report),
        .init(report[.client].states.last?.state.name ?? "–"),
        .init(report[.server].states.last?.state.name ?? "–"),
        .init("\(report[.client].packets)/\(report[.server].packets)"),
        .init(
          "\(Quantity.bytes(report[.client].payload))/\(Quantity.bytes(report[.server].payload))"),
        .init(Quantity.duration(nanoseconds: report.durationNanoseconds)),
      ])
    }
    return table
  }

  private func handshake(_ report: ConnectionReport) -> TextTable.Cell {
    let handshake = report.handshake
    switch handshake.outcome {
    case .complete:
      return .init(handshake.kind == .threeWay ? "complete" : handshake.kind.name, .good)
    case .unseen: return .init("unseen", .faint)
    case .halfOpen, .unanswered, .aborted: return .init(handshake.outcome.name, .warning)
    case .refused, .rejected: return .init(handshake.outcome.name, .bad)
    }
  }

  private func close(_ report: ConnectionReport) -> TextTable.Cell {
    let close = report.close
    let first = close.first?.name ?? "nobody"
    switch (close.kind, close.outcome) {
    case (.reset, _):
      // The reset of a SYN is told by the handshake.
      if report.handshake.outcome == .refused { return .init("–", .faint) }
      return .init("reset by \(close.reset?.by.name ?? "somebody")", .bad)
    case (.none, _): return .init(report.handshake.outcome == .complete ? "open" : "–", .faint)
    case (.half, .finUnacknowledged): return .init("\(first) half, FIN unacknowledged", .warning)
    case (.half, _): return .init("\(first) half", .warning)
    case (.simultaneous, .complete): return .init("simultaneous", .good)
    case (_, .complete): return .init("\(first) first", .good)
    case (_, .lastACKMissing): return .init("\(first) first, last ACK missing", .warning)
    case (_, _): return .init("\(first) first, FIN unacknowledged", .warning)
    }
  }
}
