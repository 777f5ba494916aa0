public import FlowAnalysis
import FlowTracker
import PacketParser

/// A table of the connections in order of their first packets, then findings and totals: first what
/// many connections show together, of which the table then shows few.
public struct TextReport: AnalysisSink {
  private let output: ReportOutput
  private let style: TextStyle
  private var rows: ConnectionRows
  private var findings = FindingsText.Listing()
  private var captureFindings: [CaptureFinding] = []

  public init(to output: ReportOutput, style: TextStyle) {
    self.output = output
    self.style = style
    rows = ConnectionRows(limit: style.limit)
  }

  public func wantsReport(of number: Int) -> Bool { rows.want(number) }

  public func wantsReport(ofUnanswered number: Int) -> Bool { rows.wantAttempt(number) }

  public mutating func unansweredEnded(_ tally: UnansweredTally) {
    findings.add(tally.rule, tally.severity, of: tally.named, count: tally.count)
  }

  public mutating func connectionEnded(_ report: ConnectionReport) {
    findings.add(report.findings, of: report.number)
    rows.add(report)
  }

  public mutating func found(_ finding: CaptureFinding) {
    captureFindings.append(finding)
  }

  public mutating func captureEnded(_ summary: TraceSummary) {
    if style.namesCaptures {
      if output.hasBegun { output.write("\n") }
      output.write(style.paint(summary.capture.printable, .heading) + "\n")
    }
    let selection = rows.selection(for: captureFindings)
    if let first = selection.rows.first {
      let start = summary.firstTime ?? first.first.time
      output.write(table(of: selection.rows, since: start).render(style))
      let rest = summary.connections - selection.rows.count
      if rest > 0 { output.write(remark(on: rest, selection)) }
      output.write("\n")
    }
    output.write(FindingsText.render(captureFindings, style))
    output.write(findings.render(style))
    output.write(style.wrap(TotalsText.lines(of: summary, isAlone: !style.namesCaptures)))
    // What is said on standard error next is to stand below it.
    output.flush()
  }

  private func remark(on rest: Int, _ selection: ConnectionRows.Selection) -> String {
    let more = "… and \(Quantity.count(rest)) more"
    if selection.folded == 0 { return "\(more); --limit shows them\n" }
    if rest <= selection.folded { return "\(more), of the findings below\n" }
    return style.wrap("\(more), some of the findings below; --limit shows the others\n")
  }

  private func table(of reports: [ConnectionReport], since start: Timestamp) -> TextTable {
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
    for report in reports {
      let (client, server) = (report[.client], report[.server])
      table.append([
        .init(String(report.number), .faint),
        .init(Quantity.seconds(nanoseconds: report.first.time.nanoseconds(since: start)), .faint),
        .init(report.client.description),
        .init(report.server.description),
        .handshake(report.handshake.outcome, report.handshake.kind),
        .close(
          report.close.outcome, report.close.kind, first: report.close.first,
          resetBy: report.close.reset?.by, handshake: report.handshake.outcome),
        .init(client.states.last?.state.name ?? "–"),
        .init(server.states.last?.state.name ?? "–"),
        .init("\(client.packets)/\(server.packets)"),
        .init("\(Quantity.bytes(client.payload))/\(Quantity.bytes(server.payload))"),
        .init(report.durationNanoseconds.map { Quantity.duration(nanoseconds: $0) } ?? "–"),
      ])
    }
    return table
  }
}
