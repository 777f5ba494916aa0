import FlowAnalysis
import FlowTracker
import PacketParser

/// A connection as expectations look at it.
struct CheckedReport {
  let report: ConnectionReport
  let handshake: Handshake
  let close: ConnectionReport.Close
  let client: SideReport
  let server: SideReport
  /// So long, in nanoseconds, the capture must have gone on for what did not come to be missing.
  let patience: Int64

  init(_ report: ConnectionReport, patience: Int64) {
    self.report = report
    self.patience = patience
    // Each is made when it is asked for.
    handshake = report.handshake
    close = report.close
    client = report[.client]
    server = report[.server]
  }

  subscript(side: Side) -> SideReport { side == .client ? client : server }

  var connection: CheckedConnection {
    CheckedConnection(
      number: report.number, client: "\(report.client)", server: "\(report.server)",
      displayFilter: Self.displayFilter(report))
  }

  private static func displayFilter(_ report: ConnectionReport) -> String {
    let (client, server) = (report.client, report.server)
    let field = client.address.version == .v4 ? "ip" : "ipv6"
    return "\(field).addr == \(client.address) && \(field).addr == \(server.address)"
      + " && tcp.port == \(client.port) && tcp.port == \(server.port)"
  }

  /// The states of an end by their names.
  func states(of side: Side) -> [String] { self[side].states.map(\.state.name) }
}
