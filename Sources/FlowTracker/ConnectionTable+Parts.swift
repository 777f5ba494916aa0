package import PacketParser

// Parts of a connection, for those who look at every one that is over and need no copy of the rest.
extension ConnectionTable {
  /// The number of a connection, without a copy of the rest of it.
  package func number(of id: ConnectionID) -> Int {
    id.isNoConnection ? arena.syns[id].number : arena[id].history.number
  }

  /// The connection in brief.
  ///
  /// It does not change the table: see `prefetch`.
  package mutating func brief(of id: ConnectionID) -> ConnectionBrief {
    ConnectionBrief(arena[id])
  }

  /// The two ends of a connection; it does not change the table either.
  @inline(__always)
  package mutating func ends(of id: ConnectionID) -> (client: SocketAddress, server: SocketAddress)
  {
    let connection = arena[id]
    let (lower, upper) = connection.core.key.ends { arena[addresses: id] }
    return connection.core.clientIsLower ? (lower, upper) : (upper, lower)
  }

  /// The largest payload that an end has said it takes at once, in bytes (MSS, RFC 9293 §3.7.1); `nil`
  /// where its SYN was not captured or does not say; it does not change the table either.
  package mutating func maximumSegmentSize(of id: ConnectionID, to side: Side) -> UInt16? {
    // Behind long extension headers even a SYN fills a large packet.
    guard !id.isNoConnection, let offer = arena[id].history.ends[Int(side.rawValue)].offer,
      offer.present.contains(.maximumSegmentSize)
    else { return nil }
    return offer.maximumSegmentSize
  }

  /// The states in which the two ends of a connection are, `nil` where nothing tells; it does not change the
  /// table either.
  @inline(__always)
  package mutating func states(
    of id: ConnectionID
  ) -> (client: EndpointState?, server: EndpointState?) {
    guard !id.isNoConnection else { return (.synSent, nil) }
    let ends = arena[id].core.ends
    return (ends[0].state, ends[1].state)
  }

  /// What findings across connections need of a connection; it does not change the table either.
  @inline(__always)
  package mutating func outline(
    of id: ConnectionID, _ ends: (client: SocketAddress, server: SocketAddress)
  ) -> ConnectionOutline {
    ConnectionOutline(arena[id], ends)
  }
}
