public import PacketParser

/// One TCP connection as it stands: two endpoints, how it was opened, how it ended.
///
/// A copy, taken out of the table.
public struct Connection: Sendable {
  private let core: ConnectionCore
  private let history: ConnectionHistory
  private let irregularities: InlineArray<2, EndpointIrregularities>

  init(_ live: LiveConnection) {
    core = live.core
    history = live.history
    irregularities =
      core.traits.contains(.isIrregular)
      ? live.irregularities : InlineArray(repeating: EndpointIrregularities())
  }

  /// The connection's number in the order in which connections were met, from 1.
  public var number: Int { history.number }
  /// Which connection of its tuple it is, from 1.
  public var incarnation: Int { Int(history.incarnation) }
  public var client: SocketAddress { core.clientIsLower ? core.key.lower : core.key.upper }
  public var server: SocketAddress { core.clientIsLower ? core.key.upper : core.key.lower }
  public var rolesEvidence: RolesEvidence { history.rolesEvidence }
  /// Who sent the first segment.
  public var firstSender: Side { history.firstSender }
  public var first: FrameMark { history.first }
  public var last: FrameMark { core.last }
  public var stage: LifeStage { core.stage }
  public var endReason: EndReason { history.endReason }
  public var handshake: Handshake { Handshake(history.handshake, history.milestones) }
  public var closing: Closing { history.closing }

  public subscript(side: Side) -> Endpoint {
    core.ends[Int(side.rawValue)]
  }

  public subscript(history side: Side) -> EndpointHistory {
    EndpointHistory(history.ends[Int(side.rawValue)], history.milestones)
  }

  public subscript(irregularities side: Side) -> EndpointIrregularities {
    irregularities[Int(side.rawValue)]
  }

  public var closeKind: Closing.Kind {
    closing.kind(client: self[.client], server: self[.server])
  }

  public var closeOutcome: Closing.Outcome {
    closing.outcome(client: self[.client], server: self[.server])
  }

  /// The encapsulations of an end's segments: the first one's and the latest one's.
  public func encapsulations(of side: Side) -> (first: EncapsulationID, latest: EncapsulationID) {
    (history.firstTunnels[Int(side.rawValue)], core.tunnels[Int(side.rawValue)])
  }

  /// Wireshark's `tcp.completeness`: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST, whichever end
  /// sent them and whether or not they were acceptable.
  public var wiresharkCompleteness: Int {
    let flags = self[.client].flagsSeen.union(self[.server].flagsSeen)
    let payload = self[.client].payload &+ self[.server].payload
    return (core.traits.contains(.sawSYN) ? 1 : 0) | (core.traits.contains(.sawSYNACK) ? 2 : 0)
      | (core.traits.contains(.sawBareACK) ? 4 : 0) | (payload > 0 ? 8 : 0)
      | (flags.contains(.fin) ? 16 : 0) | (flags.contains(.rst) ? 32 : 0)
  }
}
