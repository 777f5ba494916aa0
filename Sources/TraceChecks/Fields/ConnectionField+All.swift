import FlowAnalysis
import FlowTracker
import PacketParser

extension ConnectionField {
  /// Everything that can be expected of a connection, in the order of the record.
  static let all: [ConnectionField] =
    identity + handshake + close + Side.allCases.flatMap { states(of: $0) }
    + Side.allCases.flatMap { traffic(of: $0) } + conclusions

  /// The field of that name; `nil` where there is none.
  static func named(_ name: String) -> ConnectionField? {
    all.first { $0.name == name }
  }

  // MARK: - Which connection it is

  private static let identity =
    [
      count("connection", .identity, "its number in the capture, from 1", "1") {
        FieldValue($0.report.number)
      },
      words(
        "encapsulation", EncapsulationLayer.names, .exactly, .identity,
        "what its packets are wrapped in, outermost first", "[vlan]"
      ) { $0.report.encapsulation.map(\.name) },
    ] + Side.allCases.flatMap { socket(of: $0) } + [
      word(
        "roles_from", RolesEvidence.allCases.map(\.name), .origin,
        "why the client is the client", "syn"
      ) { $0.report.rolesEvidence.name },
      word("first_sender", sides, .origin, "who sent the first segment", "client") {
        $0.report.firstSender.name
      },
      count(
        "incarnation", .identity, "which connection of its two socket addresses it is, from 1", "1"
      ) { FieldValue($0.report.incarnation) },
      word(
        "vantage.at", Vantage.Place.allCases.map(\.name), .origin, "where it was captured",
        "server"
      ) { $0.report.vantage?.at.name },
      duration("duration", .totals, "from its first segment to its last", "< 5s") {
        $0.report.durationNanoseconds
      },
    ]

  private static func socket(of side: Side) -> [ConnectionField] {
    let name = side.name
    let port = side == .client ? "49152..65535" : "443"
    return [
      ConnectionField(
        "\(name).address", .address, .identity, "the \(name)'s address", example: "10.0.0.0/8"
      ) { .address(($0.report.socket(of: side)).address) },
      count("\(name).port", .identity, "the \(name)'s port", port) {
        FieldValue($0.report.socket(of: side).port)
      },
    ]
  }

  private static let sides = Side.allCases.map(\.name)

  // MARK: - The handshake

  private static let handshake =
    [
      word(
        "handshake.kind", Handshake.Kind.allCases.map(\.name), .opening, "how it was opened",
        "three-way"
      ) { $0.handshake.kind.name },
      word(
        "handshake.outcome", Handshake.Outcome.allCases.map(\.name), .opening,
        "what the handshake came to", "complete"
      ) { $0.handshake.outcome.name },
      duration(
        "handshake.rtt.server", .offer, "from the SYN to the SYN-ACK", "< 50ms"
      ) { $0.handshake.serverRoundTripNanoseconds },
      duration(
        "handshake.rtt.client", .offer, "from the SYN-ACK to the ACK", "< 50ms"
      ) { $0.handshake.clientRoundTripNanoseconds },
    ] + Side.allCases.flatMap { offer(of: $0) }

  private static func offer(of side: Side) -> [ConnectionField] {
    let name = "handshake.options.\(side.name)"
    let segment = side == .client ? "SYN" : "SYN-ACK"
    func flag(_ key: String, _ option: TCPOptionSet, _ text: String) -> ConnectionField {
      ConnectionField(
        "\(name).\(key)", .flag, .offer, "whether the \(segment) has \(text)", example: "true"
      ) { $0[side].offer.map { .flag(!$0.present.isDisjoint(with: option)) } ?? .unknown }
    }
    return [
      ConnectionField(
        "\(name).mss", .quantity(.bytes), .offer, "the maximum segment size of the \(segment)",
        example: ">= 1220"
      ) {
        FieldValue(
          $0[side].offer.flatMap {
            $0.present.contains(.maximumSegmentSize) ? $0.maximumSegmentSize : nil
          })
      },
      count("\(name).window_scale", .offer, "the window scale of the \(segment)", "7") {
        FieldValue(
          $0[side].offer.flatMap { $0.present.contains(.windowScale) ? $0.windowScale : nil })
      },
      flag("sack_permitted", .sackPermitted, "SACK-permitted"),
      flag("timestamps", .timestamps, "timestamps"),
      flag("fast_open", [.fastOpen, .experimentalFastOpen], "a Fast Open option"),
      flag("multipath", .multipath, "a multipath option"),
    ]
  }

  // MARK: - The close

  private static let close: [ConnectionField] = [
    word(
      "close.kind", Closing.Kind.allCases.map(\.name), .closing, "how it was closed",
      "[orderly, simultaneous]"
    ) { $0.close.kind.name },
    word(
      "close.outcome", Closing.Outcome.allCases.map(\.name), .closing, "what the close came to",
      "complete"
    ) { $0.close.outcome.name },
    word("close.first", sides, .closeStep, "whose FIN came first", "client") {
      $0.close.first?.name
    },
    word("close.reset.by", sides, .closeStep, "who sent the RST that ended it", "none") {
      $0.close.reset?.by.name
    },
  ]

  // MARK: - The states

  private static func states(of side: Side) -> [ConnectionField] {
    let name = "states.\(side.name)"
    let states = EndpointState.allCases.map(\.name)
    let end = side.name
    return [
      words(
        name, states, .exactly, .states(side), "every state of the \(end), in order",
        side == .client
          ? "[SYN-SENT, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT]"
          : "[LISTEN, SYN-RECEIVED, ESTABLISHED, CLOSE-WAIT, LAST-ACK, CLOSED]"
      ) { $0.states(of: side) },
      words(
        "\(name).through", states, .through, .states(side),
        "states that the \(end) passed, in this order", "[ESTABLISHED, TIME-WAIT]"
      ) { $0.states(of: side) },
      words(
        "\(name).never", states, .never, .states(side), "states that the \(end) was never in",
        "[CLOSE-WAIT]"
      ) { $0.states(of: side) },
      word("\(name).last", states, .lastState(side), "the last state of the \(end)", "CLOSED") {
        $0[side].states.last?.state.name
      },
      word(
        "\(name).evidence", Evidence.allCases.map(\.name), .lastState(side),
        "how surely the last state of the \(end) is known", "confirmed"
      ) { $0[side].states.last?.evidence.name },
    ]
  }

  // MARK: - What both ends conclude

  private static let conclusions = [
    count(
      "peers.wireshark.completeness", .measures, "Wireshark's tcp.completeness", "31"
    ) { FieldValue($0.report.wiresharkCompleteness) },
    count(
      "peers.ipfix.flow_end_reason", .measures, "IPFIX information element 136", "3"
    ) { FieldValue($0.report.ipfixFlowEndReason) },
    word(
      "severity", Finding.Severity.allCases.map(\.name), .findings,
      "the worst severity of its findings", "[none, note]"
    ) { $0.report.findings.map(\.severity).max()?.name },
    words(
      "findings", FindingCatalogue.ofConnections.map(\.id), .set, .findings,
      "all its findings, in any order", "[keep-alive]"
    ) { $0.report.findings.map(\.rule.id) },
  ]
}

extension ConnectionReport {
  fileprivate func socket(of side: Side) -> SocketAddress { side == .client ? client : server }
}
