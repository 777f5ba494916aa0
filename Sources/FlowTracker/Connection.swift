public import PacketParser

/// One TCP connection as it stands: two endpoints, how it was opened, how it ended.
///
/// A copy, taken out of the table; what is given of it shares its memory.
public struct Connection: Sendable {
  let record: ConnectionRecord

  init(
    _ live: LiveConnection, _ addresses: FlowAddresses, _ roundTrips: InlineArray<2, RoundTrips>?
  ) {
    record = ConnectionRecord(live, addresses, roundTrips)
  }

  /// The connection's number in the order in which connections were met, from 1.
  public var number: Int { record.history.number }
  /// Which connection of its tuple it is, from 1.
  public var incarnation: Int { Int(record.history.incarnation) }
  /// How the connection of the same tuple stood that came before it.
  public var predecessor: Predecessor { record.history.predecessor }
  public var client: SocketAddress { record.client }
  public var server: SocketAddress { record.server }
  public var rolesEvidence: RolesEvidence { record.history.rolesEvidence }
  /// Who sent the first segment.
  public var firstSender: Side { record.history.firstSender }
  public var first: FrameMark { record.history.first }
  public var last: FrameMark { record.core.last }
  public var stage: LifeStage { record.core.stage }
  public var endReason: EndReason { record.history.endReason }
  public var handshake: Handshake { Handshake(record) }
  public var closing: Closing { Closing(record) }

  /// Where the connection was captured; `nil` where nothing tells.
  public var vantage: Vantage? { record.vantage }

  public subscript(side: Side) -> Endpoint {
    Endpoint(record.core.ends[Int(side.rawValue)], record.core.traffic[Int(side.rawValue)])
  }

  public subscript(history side: Side) -> EndpointHistory {
    EndpointHistory(record, side)
  }

  /// How long an end's payload took to be acknowledged; `nil` where the table does not measure that.
  public func roundTrips(of side: Side) -> RoundTrips? {
    record.roundTrips?[Int(side.rawValue)]
  }

  /// Whether any of its segments was remarkable (repeated, missing, ignored, and the like) or came after a
  /// minute of silence.
  package var isIrregular: Bool { record.irregularities != nil }

  /// Whether it is irregular by copies of frames alone.
  package var hasOnlyCopies: Bool { isIrregular && !record.core.traits.contains(.needsCare) }

  /// Whether it was opened and closed as most are, and none of its segments was remarkable: repeated,
  /// missing, ignored, and the like.
  package var isOrdinary: Bool { record.isOrdinary }

  /// The segments of an end of which a fact was true; `nil` where there was none.
  ///
  /// Not counted are the facts of a connection's first segment, and of RSTs that were believed.
  public func sightings(of fact: SegmentFacts, by side: Side) -> Sightings? {
    record.irregularities?[side].sightings
      .sightings(of: fact, since: record.history.first.frame)
  }

  /// All facts that were true of some segment of which `sightings` tells.
  public var facts: SegmentFacts {
    guard let irregularities = record.irregularities else { return [] }
    return irregularities[.client].sightings.facts.union(irregularities[.server].sightings.facts)
  }

  /// Segments of an end with more payload than its peer takes, where that takes but small ones, and the most
  /// payload of any.
  public func oversizedSegments(of side: Side) -> (seen: Sightings, largest: Int)? {
    guard let oversized = record.irregularities?[side].oversized,
      let seen = oversized.sightings(since: record.history.first.frame)
    else { return nil }
    return (seen, Int(oversized.largest))
  }

  /// Replies of an end that did not come in time, of each duty together.
  public func overdueReplies(of side: Side) -> [OwedReply] {
    record.irregularities?[side].replies
      .overdue(since: record.history.first.frame) ?? []
  }

  /// The reply that an end still owes, and until when it is in time: it has sent nothing since that could be
  /// one.
  public func outstandingReply(of side: Side) -> (reply: OwedReply, due: Timestamp)? {
    record.irregularities?[side].replies
      .outstanding(since: record.history.first.frame)
  }

  /// The encapsulations of an end's segments: the first one's and the latest one's.
  public func encapsulations(of side: Side) -> (first: EncapsulationID, latest: EncapsulationID) {
    (record.history.firstTunnels[Int(side.rawValue)], record.core.tunnels[Int(side.rawValue)])
  }

  /// Wireshark's `tcp.completeness`: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST, whichever end
  /// sent them and whether or not they were acceptable.
  public var wiresharkCompleteness: Int {
    let flags = self[.client].flagsSeen.union(self[.server].flagsSeen)
    let payload = self[.client].payload &+ self[.server].payload
    return (record.core.traits.contains(.sawSYN) ? 1 : 0)
      | (record.core.traits.contains(.sawSYNACK) ? 2 : 0)
      | (record.core.traits.contains(.sawBareACK) ? 4 : 0) | (payload > 0 ? 8 : 0)
      | (flags.contains(.fin) ? 16 : 0) | (flags.contains(.rst) ? 32 : 0)
  }
}

/// What the table knew of a connection when it was asked.
///
/// A class, so that half a kilobyte is copied once, however many hands it goes through.
final class ConnectionRecord: Sendable {
  let core: ConnectionCore
  let history: ConnectionHistory
  let client: SocketAddress
  let server: SocketAddress
  let vantage: Vantage?
  /// Of the client, then of the server.
  let payloadAfterPeersFIN: InlineArray<2, Int>
  let isOrdinary: Bool
  let irregularities: IrregularitiesRecord?
  let roundTrips: InlineArray<2, RoundTrips>?

  init(
    _ live: LiveConnection, _ addresses: FlowAddresses, _ roundTrips: InlineArray<2, RoundTrips>?
  ) {
    self.roundTrips = roundTrips
    core = live.core
    history = live.history
    let ends = core.key.ends { addresses }
    (client, server) = core.clientIsLower ? (ends.lower, ends.upper) : (ends.upper, ends.lower)
    vantage = Vantage(live, client: client.address, server: server.address)
    payloadAfterPeersFIN = [live.payloadAfterPeersFIN(0), live.payloadAfterPeersFIN(1)]
    isOrdinary = live.isOrdinary
    irregularities =
      core.traits.contains(.isIrregular)
      ? IrregularitiesRecord(live.toldIrregularities, until: core.last.time) : nil
  }
}
