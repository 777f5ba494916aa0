public import FlowAnalysis
import FlowTracker
import PacketParser

/// A line for each thing that happens, for people; then the totals.
public final class LiveLines: LiveReport {
  private let output: ReportOutput
  private let style: TextStyle
  private var text = RecordText()
  private var captureFindings: [CaptureFinding] = []

  public init(to output: ReportOutput, style: TextStyle) {
    self.output = output
    self.style = style
  }

  public func happened(_ event: ConnectionEvent) {
    switch event.kind {
    case .entered(let side, let transition):
      let tone: TextStyle.Tone? = transition.state == .established ? .good : nil
      begin(event)
      text.append(side.name)
      text.append(" ")
      text.append(style.beginning(of: tone))
      text.append(transition.state.name)
      text.append(style.end(of: tone))
      endLine()
    case .withdrew(let side, let state):
      tell(event, style.paint("\(side.name) was not in \(state.name) after all", .faint))
    case .completedHandshake(let handshake):
      let trips = [
        ("server", handshake.serverRoundTripNanoseconds),
        ("client", handshake.clientRoundTripNanoseconds),
      ].compactMap { name, trip in
        trip.map { "\(Quantity.duration(nanoseconds: $0)) to the \(name)" }
      }
      let opened = style.paint("opened", .good)
      tell(event, ([opened + ": \(handshake.kind.name)"] + trips).joined(separator: ", "))
    case .closed(let close):
      tell(event, "\(style.paint("closed", .good)): \(how(close))")
    case .reopened:
      tell(event, style.paint("was not closed after all", .faint))
    case .found(let finding):
      tell(event, "\(name(finding.rule, finding.severity)): \(finding.message)")
    case .withdrewFinding(let rule):
      tell(event, style.paint("\(rule.id) holds no more", .faint))
    }
  }

  public func happened(_ event: CaptureEvent) {
    let what =
      switch event.kind {
      case .found(let finding): "\(name(finding.rule, finding.severity)): \(finding.message)"
      case .withdrew(let finding):
        style.paint("holds no more: \(finding.rule.id): \(finding.message)", .faint)
      }
    text.append(style.beginning(of: .faint))
    append(timeOfDay: event.time)
    text.append(style.end(of: .faint))
    text.append("  ")
    text.append(what)
    endLine()
  }

  private func how(_ close: ConnectionReport.Close) -> String {
    if close.outcome == .reset, let reset = close.reset { return "reset by the \(reset.by.name)" }
    guard close.kind != .simultaneous, let first = close.first else { return close.kind.name }
    return "\(first.name) first"
  }

  private func name(_ rule: FindingRule, _ severity: Finding.Severity) -> String {
    let tone: TextStyle.Tone =
      switch severity {
      case .note: .faint
      case .warning: .warning
      case .error: .bad
      }
    return style.paint("\(severity.name) \(rule.id)", tone)
  }

  public func connectionEnded(_ report: ConnectionReport) {
    let (client, server) = (report[.client], report[.server])
    let duration = report.durationNanoseconds.map { " in \(Quantity.duration(nanoseconds: $0))" }
    let how = [
      "handshake \(report.handshake.outcome.name)",
      "close \(report.close.kind.name) \(report.close.outcome.name)",
    ]
    begin(report.last.time, report.number, (report.client, report.server))
    text.append(
      """
      \(style.paint("over", .heading)) (\(report.endReason.name)): \(how.joined(separator: ", ")); packets \
      \(client.packets)/\(server.packets), payload \(Quantity.bytes(client.payload))/\
      \(Quantity.bytes(server.payload))\(duration ?? "")
      """)
    endLine()
  }

  public func found(_ finding: CaptureFinding) {
    captureFindings.append(finding)
  }

  public func tell(_ status: LiveStatus) {
    let states = status.states.all.map {
      "\(Quantity.count($0.connections)) \($0.client?.name ?? "?")/\($0.server?.name ?? "?")"
    }
    append(timeOfDay: status.time)
    text.append(
      """
        \(Quantity.count(status.received)) received, \
      \(Quantity.count(status.loss.droppedByKernel)) dropped by the kernel, \
      \(Quantity.count(status.loss.droppedByInterface)) by the interface; \
      \(Quantity.count(status.totals.connections, "connection")) over, \
      \(Quantity.count(status.alive)) alive\
      \(states.isEmpty ? "" : ": " + states.joined(separator: ", "))
      """)
    endLine()
  }

  public func captureEnded(_ summary: TraceSummary) {
    output.write(FindingsText.render(captureFindings, style))
    output.write(style.wrap(TotalsText.lines(of: summary, isAlone: true)))
    output.flush()
  }

  private func tell(_ event: ConnectionEvent, _ what: String) {
    begin(event)
    text.append(what)
    endLine()
  }

  private func begin(_ event: ConnectionEvent) {
    begin(event.time, event.connection, (event.client, event.server))
  }

  /// Writes when it was, and what it is about.
  ///
  /// Piece by piece, since there are very many lines.
  private func begin(
    _ time: Timestamp, _ number: Int, _ ends: (client: SocketAddress, server: SocketAddress)
  ) {
    text.append(style.beginning(of: .faint))
    append(timeOfDay: time)
    text.append("  #")
    text.append(decimal: UInt64(number))
    text.append("  ")
    append(ends.client)
    text.append(" > ")
    append(ends.server)
    text.append(style.end(of: .faint))
    text.append("  ")
  }

  private func endLine() {
    text.append(UInt8(ascii: "\n"))
    output.write(text)
    text.truncate(to: 0)
  }

  private func append(_ socket: SocketAddress) {
    guard socket.address.version == .v4 else { return text.append(socket.description) }
    text.append(socket.address)
    text.append(UInt8(ascii: ":"))
    text.append(decimal: UInt64(socket.port))
  }

  /// In UTC, in microseconds.
  private func append(timeOfDay time: Timestamp) {
    text.appendTimeOfDay(CalendarTime(time))
    text.truncate(to: text.count - 3)
  }
}
