public import FlowAnalysis
import FlowTracker
import PacketParser

/// A line for each thing that happens, for people; then the totals.
public final class LiveLines: LiveReport {
  private let output: ReportOutput
  private let style: TextStyle
  private var captureFindings: [CaptureFinding] = []

  public init(to output: ReportOutput, style: TextStyle) {
    self.output = output
    self.style = style
  }

  public func happened(_ event: ConnectionEvent) {
    switch event.kind {
    case .entered(let side, let transition):
      let tone: TextStyle.Tone? = transition.state == .established ? .good : nil
      tell(event, "\(side.name) \(style.paint(transition.state.name, tone))")
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
    output.write("\(style.paint(timeOfDay(event.time), .faint))  \(what)\n")
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
    line(
      report.last.time, report.number, (report.client, report.server),
      """
      \(style.paint("over", .heading)) (\(report.endReason.name)): \(how.joined(separator: ", ")); packets \
      \(client.packets)/\(server.packets), payload \(Quantity.bytes(client.payload))/\
      \(Quantity.bytes(server.payload))\(duration ?? "")
      """)
  }

  public func found(_ finding: CaptureFinding) {
    captureFindings.append(finding)
  }

  public func tell(_ status: LiveStatus) {
    let states = status.states.all.map {
      "\(Quantity.count($0.connections)) \($0.client?.name ?? "?")/\($0.server?.name ?? "?")"
    }
    output.write(
      """
      \(timeOfDay(status.time))  \(Quantity.count(status.received)) received, \
      \(Quantity.count(status.loss.droppedByKernel)) dropped by the kernel, \
      \(Quantity.count(status.loss.droppedByInterface)) by the interface; \
      \(Quantity.count(status.totals.connections, "connection")) over, \
      \(Quantity.count(status.alive)) alive\
      \(states.isEmpty ? "" : ": " + states.joined(separator: ", "))

      """)
  }

  public func captureEnded(_ summary: TraceSummary) {
    output.write(FindingsText.render(captureFindings, style))
    output.write(style.wrap(TotalsText.lines(of: summary, isAlone: true)))
    output.flush()
  }

  private func tell(_ event: ConnectionEvent, _ what: String) {
    line(event.time, event.connection, (event.client, event.server), what)
  }

  private func line(
    _ time: Timestamp, _ number: Int, _ ends: (client: SocketAddress, server: SocketAddress),
    _ what: String
  ) {
    let start = "\(timeOfDay(time))  #\(number)  \(ends.client) > \(ends.server)"
    output.write("\(style.paint(start, .faint))  \(what)\n")
  }

  /// In UTC, in microseconds.
  private func timeOfDay(_ time: Timestamp) -> String {
    var text = RecordText()
    text.appendTimeOfDay(CalendarTime(time))
    return String(decoding: text.bytes.prefix(15), as: UTF8.self)
  }
}
