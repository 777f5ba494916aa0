import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser

/// A column of the table of connections, in the order in which they stand.
enum LiveColumn: Int, CaseIterable {
  case number
  case client
  case server
  case clientState
  case serverState
  case handshake
  case close
  case rate
  case clientRate
  case serverRate
  case packets
  case payload
  case duration
  case findings

  var title: String {
    switch self {
    case .number: "#"
    case .client: "client"
    case .server: "server"
    case .clientState: "client is"
    case .serverState: "server is"
    case .handshake: "handshake"
    case .close: "close"
    case .rate: "rate"
    case .clientRate: "client/s"
    case .serverRate: "server/s"
    case .packets: "packets"
    case .payload: "payload"
    case .duration: "duration"
    case .findings: "findings"
    }
  }

  var alignsRight: Bool {
    switch self {
    case .number, .rate, .clientRate, .serverRate, .packets, .payload, .duration: true
    case .client, .server, .clientState, .serverState, .handshake, .close, .findings: false
    }
  }

  /// The order that goes by what stands in the column.
  var order: RowOrder? {
    switch self {
    case .number: .number
    case .client: .client
    case .server: .server
    case .clientState: .states
    case .serverState, .clientRate, .serverRate: nil
    case .handshake: .handshake
    case .close: .close
    case .rate: .rate
    case .packets: .packets
    case .payload: .payload
    case .duration: .duration
    case .findings: .findings
    }
  }

  /// How wide it always is: what comes and goes in a row must not move the others.
  var usualWidth: Int {
    switch self {
    case .number: 4
    case .client, .server: 16
    case .clientState, .serverState: 12
    case .handshake: 10
    case .close: 15
    case .rate, .clientRate, .serverRate: 9
    case .packets: 9
    case .payload: 15
    case .duration: 11
    case .findings: 8
    }
  }

  /// How narrow it may get before others are left out.
  var leastWidth: Int {
    switch self {
    case .client, .server: 12
    case .findings: 10
    default: usualWidth
    }
  }

  func cell(_ row: LiveRow, _ rate: Rates.Rate?, at time: Timestamp) -> TextTable.Cell {
    switch self {
    case .number: .init(String(row.number), .faint)
    case .client: .init(row.client.description)
    case .server: .init(row.server.description)
    case .clientState: .init(row.clientState?.name ?? "–")
    case .serverState: .init(row.serverState?.name ?? "–")
    case .handshake: .handshake(row.handshake, row.handshakeKind)
    case .close: row.closeCell
    case .rate: Self.cell(rate?.total)
    case .clientRate: Self.cell(rate?.client)
    case .serverRate: Self.cell(rate?.server)
    case .packets: .init("\(row.clientSent.packets)/\(row.serverSent.packets)")
    case .payload:
      .init("\(Quantity.bytes(row.clientSent.payload))/\(Quantity.bytes(row.serverSent.payload))")
    case .duration: .init(Quantity.duration(nanoseconds: row.duration(at: time)))
    case .findings: .init(row.findings.joined(separator: ", ").printable, row.severity?.tone)
    }
  }

  /// Bytes a second.
  private static func cell(_ rate: UInt64?) -> TextTable.Cell {
    guard let rate else { return .init("–", .faint) }
    return .init(Quantity.bytes(rate) + "/s", rate == 0 ? .faint : nil)
  }
}

extension LiveRow {
  /// How it was closed; nothing is to be said of one that is open.
  var closeCell: TextTable.Cell {
    if closeKind == .none, !isEnded { return .init("–", .faint) }
    return .close(close, closeKind, first: closedFirst, resetBy: resetBy, handshake: handshake)
  }
}

extension Finding.Severity {
  var tone: TextStyle.Tone {
    switch self {
    case .note: .faint
    case .warning: .warning
    case .error: .bad
    }
  }
}
