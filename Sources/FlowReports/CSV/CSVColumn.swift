import FlowAnalysis
import FlowTracker
import PacketParser

/// A column, named by the way to the same value in the `connection` record of NDJSON.
struct CSVColumn: Sendable {
  let name: String
  /// Writes the value of a row; nothing where it is not known.
  let write: @Sendable (CSVRow, inout RecordText) -> Void

  private init(
    _ name: String, _ write: @escaping @Sendable (CSVRow, inout RecordText) -> Void
  ) {
    self.name = name
    self.write = write
  }
}

/// What a row is made of.
struct CSVRow {
  let capture: String
  let report: ConnectionReport
  let handshake: Handshake
  let close: ConnectionReport.Close
  /// The client, then the server.
  let sides: InlineArray<2, SideReport>

  init(_ report: ConnectionReport, capture: String) {
    self.capture = capture
    self.report = report
    // Each is made when it is asked for.
    handshake = report.handshake
    close = report.close
    sides = [report[.client], report[.server]]
  }
}

extension CSVColumn {
  /// All columns, in their order, which is part of the format: new ones come last.
  static let all: [CSVColumn] =
    [
      CSVColumn("capture") { $1.appendField($0.capture) },
      CSVColumn("connection") { $1.append($0.report.number) },
      CSVColumn("community_id") { $1.append(communityIDOf: $0.report.client, $0.report.server) },
      CSVColumn("incarnation") { $1.append($0.report.incarnation) },
      CSVColumn("client.address") { $1.append($0.report.client.address) },
      CSVColumn("client.port") { $1.append($0.report.client.port) },
      CSVColumn("server.address") { $1.append($0.report.server.address) },
      CSVColumn("server.port") { $1.append($0.report.server.port) },
      CSVColumn("roles_from") { $1.append($0.report.rolesEvidence.staticName) },
      CSVColumn("first_sender") { $1.append($0.report.firstSender.staticName) },
      CSVColumn("vantage.at") { $1.append($0.report.vantage?.at.staticName) },
      CSVColumn("vantage.certainty") { $1.append($0.report.vantage?.certainty.staticName) },
      CSVColumn("first.frame") { $1.append($0.report.first.frame) },
      CSVColumn("first.time") { $1.append($0.report.first.time) },
      CSVColumn("last.frame") { $1.append($0.report.last.frame) },
      CSVColumn("last.time") { $1.append($0.report.last.time) },
      CSVColumn("duration") { $1.append(secondsOf: $0.report.durationNanoseconds) },
    ] + handshake + close + Side.allCases.flatMap { finalState(of: $0) }
    + Side.allCases.flatMap { traffic(of: $0) } + [
      CSVColumn("peers.wireshark.completeness") { $1.append($0.report.wiresharkCompleteness) },
      CSVColumn("peers.ipfix.flow_end_reason") { $1.append($0.report.ipfixFlowEndReason) },
      CSVColumn("severity") { $1.append($0.report.findings.map(\.severity).max()?.name) },
      CSVColumn("findings") {
        let ids = $0.report.findings.map(\.rule.id)
        // Both ends may have one of the same kind.
        for (index, id) in ids.enumerated() where !ids[..<index].contains(id) {
          if index > 0 { $1.append(UInt8(ascii: ";")) }
          $1.append(id)
        }
      },
    ]

  private static let handshake = [
    CSVColumn("handshake.kind") { $1.append($0.handshake.kind.staticName) },
    CSVColumn("handshake.outcome") { $1.append($0.handshake.outcome.staticName) },
    CSVColumn("handshake.syn") { $1.append($0.handshake.syn?.frame) },
    CSVColumn("handshake.syn_ack") { $1.append($0.handshake.synACK?.frame) },
    CSVColumn("handshake.ack") { $1.append($0.handshake.ack?.frame) },
    CSVColumn("handshake.rtt.server") {
      $1.append(secondsOf: $0.handshake.serverRoundTripNanoseconds)
    },
    CSVColumn("handshake.rtt.client") {
      $1.append(secondsOf: $0.handshake.clientRoundTripNanoseconds)
    },
  ]

  private static let close = [
    CSVColumn("close.kind") { $1.append($0.close.kind.staticName) },
    CSVColumn("close.outcome") { $1.append($0.close.outcome.staticName) },
    CSVColumn("close.first") { $1.append($0.close.first?.staticName) },
    CSVColumn("close.fin.client") { $1.append($0.sides[0].fin?.frame) },
    CSVColumn("close.fin.server") { $1.append($0.sides[1].fin?.frame) },
    CSVColumn("close.reset.frame") { $1.append($0.close.reset?.mark.frame) },
    CSVColumn("close.reset.by") { $1.append($0.close.reset?.by.staticName) },
  ]

  /// Of the states that the record has, the last one.
  private static func finalState(of side: Side) -> [CSVColumn] {
    let end = Int(side.rawValue)
    return [
      CSVColumn("\(side.name).state") { $1.append($0.sides[end].states.last?.state.staticName) },
      CSVColumn("\(side.name).evidence") {
        $1.append($0.sides[end].states.last?.evidence.staticName)
      },
    ]
  }

  private static func traffic(of side: Side) -> [CSVColumn] {
    let end = Int(side.rawValue)
    let name = "traffic.\(side.name)"
    return [
      CSVColumn("\(name).packets") { $1.append($0.sides[end].packets) },
      CSVColumn("\(name).bytes") { $1.append($0.sides[end].bytes) },
      CSVColumn("\(name).payload") { $1.append($0.sides[end].payload) },
      CSVColumn("\(name).unique") { $1.append($0.sides[end].uniquePayload) },
      CSVColumn("\(name).retransmitted.packets") { $1.append($0.sides[end].repeatedPackets) },
      CSVColumn("\(name).retransmitted.bytes") { $1.append($0.sides[end].repeatedBytes) },
      CSVColumn("\(name).out_of_order") { $1.append($0.sides[end].outOfOrderPackets) },
      CSVColumn("\(name).duplicate_frames") { $1.append($0.sides[end].duplicateFrames) },
      CSVColumn("\(name).duplicate_acks") { $1.append($0.sides[end].duplicateACKs) },
      CSVColumn("\(name).gaps.count") { $1.append($0.sides[end].gaps) },
      CSVColumn("\(name).gaps.bytes") { $1.append($0.sides[end].gapBytes) },
      CSVColumn("\(name).zero_windows") { $1.append($0.sides[end].zeroWindows) },
      CSVColumn("\(name).window.max") { $1.append($0.sides[end].windowMaximum) },
      CSVColumn("\(name).window.scale") { $1.append($0.sides[end].windowShift) },
      CSVColumn("\(name).in_flight.max") { $1.append($0.sides[end].roundTrips?.mostInFlight) },
      CSVColumn("\(name).rtt.samples") { $1.append($0.sides[end].roundTrips?.samples) },
      CSVColumn("\(name).rtt.min") {
        $1.append(secondsOf: $0.sides[end].roundTrips?.minimumNanoseconds)
      },
      CSVColumn("\(name).rtt.mean") {
        $1.append(secondsOf: $0.sides[end].roundTrips?.meanNanoseconds)
      },
      CSVColumn("\(name).rtt.max") {
        $1.append(secondsOf: $0.sides[end].roundTrips?.maximumNanoseconds)
      },
    ]
  }
}

extension RecordText {
  /// Text of others, in quotation marks where it would not stay one field (RFC 4180 §2).
  mutating func appendField(_ field: String) {
    let start = count
    append(field)
    let needsMarks = contains(from: start) {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0a || $0 == 0x0d
    }
    guard needsMarks else { return }
    truncate(to: start)
    append(UInt8(ascii: "\""))
    append(field.replacing("\"", with: "\"\""))
    append(UInt8(ascii: "\""))
  }

  fileprivate mutating func append(_ number: (some BinaryInteger)?) {
    if let number { append(decimal: UInt64(number)) }
  }

  fileprivate mutating func append(_ name: String?) {
    if let name { append(name) }
  }

  fileprivate mutating func append(_ name: StaticString?) {
    if let name { append("", name, "") }
  }

  fileprivate mutating func append(secondsOf nanoseconds: Int64?) {
    if let nanoseconds { append(secondsOf: nanoseconds) }
  }
}
