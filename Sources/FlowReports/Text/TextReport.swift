public import FlowAnalysis
import FlowTracker
import PacketParser

/// A table of the connections in order of their first packets, then findings and totals.
public struct TextReport: AnalysisSink {
  private let output: ReportOutput
  private let style: TextStyle
  /// The first connections of the capture, in the order in which they ended.
  private var kept: [ConnectionReport] = []
  private var findings = FindingsText.Listing()

  public init(to output: ReportOutput, style: TextStyle) {
    self.output = output
    self.style = style
  }

  public func wantsReport(of number: Int) -> Bool { number <= style.limit }

  public mutating func connectionEnded(_ report: ConnectionReport) {
    findings.add(report.findings, of: report.number)
    guard report.number <= style.limit else { return }
    kept.append(report)
  }

  public mutating func captureEnded(_ summary: TraceSummary) {
    if style.namesCaptures {
      if output.hasBegun { output.write("\n") }
      output.write(style.paint(summary.capture.printable, .heading) + "\n")
    }
    kept.sort { $0.number < $1.number }
    if !kept.isEmpty {
      output.write(table(since: summary.firstTime ?? kept[0].first.time).render(style))
      let rest = summary.connections - kept.count
      if rest > 0 { output.write("… and \(Quantity.count(rest)) more; --limit shows them\n") }
      output.write("\n")
    }
    output.write(findings.render(style))
    output.write(style.wrap(TotalsText.lines(of: summary, isAlone: !style.namesCaptures)))
    // What is said on standard error next is to stand below it.
    output.flush()
  }

  private func table(since start: Timestamp) -> TextTable {
    var table = TextTable(columns: [
      .init("#", alignsRight: true),
      .init("start", alignsRight: true, dispensability: 2),
      .init("client", isElidable: true),
      .init("server", isElidable: true),
      .init("handshake"),
      .init("close"),
      .init("client is", dispensability: 1),
      .init("server is", dispensability: 1),
      .init("packets", alignsRight: true, dispensability: 4),
      .init("payload", alignsRight: true, dispensability: 3),
      .init("duration", alignsRight: true, dispensability: 5),
    ])
    for report in kept {
      let (client, server) = (report[.client], report[.server])
      table.append([
        .init(String(report.number), .faint),
        .init(Quantity.seconds(nanoseconds: report.first.time.nanoseconds(since: start)), .faint),
        .init(report.client.description),
        .init(report.server.description),
        handshake(report),
        close(report),
        .init(client.states.last?.state.name ?? "–"),
        .init(server.states.last?.state.name ?? "–"),
        .init("\(client.packets)/\(server.packets)"),
        .init("\(Quantity.bytes(client.payload))/\(Quantity.bytes(server.payload))"),
        .init(report.durationNanoseconds.map { Quantity.duration(nanoseconds: $0) } ?? "–"),
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
    case (.none, _):
      let wasOpen = [.complete, .unseen].contains(report.handshake.outcome)
      return .init(wasOpen ? "still open" : "–", .faint)
    case (_, .finUnacknowledged): return .init("\(first), FIN unacked", .warning)
    case (_, .lastACKMissing): return .init("\(first), no last ACK", .warning)
    case (.half, _): return .init("\(first) only", .warning)
    case (.simultaneous, _): return .init("simultaneous", .good)
    case (.orderly, _): return .init("\(first) first", .good)
    }
  }
}
