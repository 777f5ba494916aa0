import FlowAnalysis
import FlowTracker
import LiveView
import PacketParser

extension LiveRow {
  /// The row of a connection, as its report has it.
  init(_ report: ConnectionReport, isEnded: Bool) {
    self.init(
      number: report.number, client: report.client, server: report.server,
      firstTime: report.first.time)
    let sides = (client: report[.client], server: report[.server])
    let transitions = [sides.client.states.last, sides.server.states.last].compactMap { $0 }
    clientState = sides.client.states.last?.state
    serverState = sides.server.states.last?.state
    handshake = report.handshake.outcome
    handshakeKind = report.handshake.kind
    close = report.close.outcome
    closeKind = report.close.kind
    closedFirst = report.close.first
    resetBy = report.close.reset?.by
    clientSent = Traffic(packets: sides.client.packets, payload: sides.client.payload)
    serverSent = Traffic(packets: sides.server.packets, payload: sides.server.payload)
    lastTime = report.last.time
    let changes = transitions.filter { $0.frame > 0 }.map(\.time) + [report.first.time]
    lastChange = isEnded ? report.last.time : changes.max() ?? report.first.time
    severity = report.findings.first?.severity
    findings = report.findings.map(\.rule.id)
    self.isEnded = isEnded
  }
}
