package import PacketParser

// SYNs that nothing has followed yet have places of their own, under ids that are no connection's. In the
// index and in the queue of those that are opening they stand for their connections, which begin as soon as
// anybody asks for more.
extension ConnectionTable {
  /// Whether so many handshakes are not complete that further SYNs had better wait in the cache.
  ///
  /// Until there are half as many in all, they do: else each of a flood that goes early would make room for one
  /// that takes a whole place.
  @inline(__always)
  mutating func areManyOpening() -> Bool {
    let limit = limits.uncachedHalfOpenConnections
    isCrowded =
      isCrowded ? openingCount + arena.syns.count >= limit / 2 : openingCount >= limit
    return isCrowded
  }

  /// Lets the SYN of a new connection wait for what follows it.
  mutating func wait(_ syn: CachedSYN, _ lookup: FlowLookup, _ segment: inout Segment) -> Step {
    var fromLower = false
    let id = arena.add(
      syn, lookup.key.isDigest ? FlowAddresses(&segment, fromLower: &fromLower) : nil)
    index.insert(lookup.hash, id)
    append(id, to: .opening, since: now)
    limitHalfOpen()
    return Step(connection: id, sender: .client, facts: .opensConnection)
  }

  /// The connection; if but its SYN waits, it begins now, and takes over the place of that among those that
  /// are opening.
  @inline(__always)
  mutating func begun(_ id: ConnectionID) -> ConnectionID {
    id.isNoConnection ? beginWaiting(id) : id
  }

  @inline(never)
  private mutating func beginWaiting(_ waiting: ConnectionID) -> ConnectionID {
    let id = beginAlone(waiting)
    queues[LifeStage.opening.queueIndex].replace(waiting, by: id, &arena)
    index.replace(arena.syns[waiting].key.hash(seed: seed), waiting, by: id)
    arena.removeSYN(waiting)
    openingCount += 1
    return id
  }

  /// The connection of a SYN, which nothing else knows of yet.
  private mutating func beginAlone(_ waiting: ConnectionID) -> ConnectionID {
    let syn = arena.syns[waiting]
    var segment = syn.segment { arena.syns.addresses(of: waiting) }
    let id = begin(&segment, syn.lookup(seed: seed), number: syn.number).connection
    arena[id].history.queued = syn.time
    arena[id].history.queue = UInt8(LifeStage.opening.queueIndex)
    return id
  }

  /// Whether a segment with this key is of the tuple of a SYN that waits.
  func isWaiting(_ id: ConnectionID, by key: FlowKey, of segment: inout Segment) -> Bool {
    guard arena.syns[id].key == key else { return false }
    var fromLower = false
    return !key.isDigest
      || arena.syns.addresses(of: id) == FlowAddresses(&segment, fromLower: &fromLower)
  }

  // MARK: - When nothing has followed

  mutating func endWaiting(_ waiting: ConnectionID, _ reason: EndReason) {
    queues[LifeStage.opening.queueIndex].remove(waiting, &arena)
    index.remove(arena.syns[waiting].key.hash(seed: seed), waiting)
    liveCount -= 1
    bytesEnded += arena.bytes(of: waiting)
    ended.append(.init(id: waiting, reason: reason, time: now))
  }

  /// The connection of a SYN that has ended.
  mutating func beginEnded(_ entry: EndedConnections.Entry) -> ConnectionID {
    let id = beginAlone(entry.id)
    note(id, ended: entry.reason, at: entry.time)
    bytesEnded += arena.bytes(of: id) - arena.bytes(of: entry.id)
    arena.removeSYN(entry.id)
    return id
  }

  /// Whether the connection that `takeEnded` would take is but a SYN in the cache.
  ///
  /// It does not change the table, and neither does `endedSYN`: see `prefetch`.
  @inline(__always)
  package mutating func hasEndedSYN() -> Bool { ended.first?.id.isNoConnection ?? false }

  /// That connection, without a place of its own.
  package mutating func endedSYN() -> EndedSYN {
    let entry = firstEndedSYN
    let syn = arena.syns[entry.id]
    return EndedSYN(syn, entry.reason, syn.ends { arena.syns.addresses(of: entry.id) })
  }

  /// Gives the place of the `endedSYN` back, of which nobody need know more.
  package mutating func releaseEndedSYN() {
    let entry = firstEndedSYN
    ended.removeFirst()
    bytesEnded = ended.isEmpty ? 0 : bytesEnded - arena.bytes(of: entry.id)
    arena.removeSYN(entry.id)
  }

  private var firstEndedSYN: EndedConnections.Entry {
    guard let entry = ended.first, entry.id.isNoConnection else {
      preconditionFailure("the connection that has ended next is no SYN in the cache")
    }
    return entry
  }

  // MARK: - What both have

  @inline(__always)
  func key(of id: ConnectionID) -> FlowKey {
    id.isNoConnection ? arena.syns[id].key : arena[id].core.key
  }

  @inline(__always)
  func stage(of id: ConnectionID) -> LifeStage {
    id.isNoConnection ? .opening : arena[id].core.stage
  }

  /// When the latest segment came.
  @inline(__always)
  package func lastTime(of id: ConnectionID) -> Timestamp {
    id.isNoConnection ? arena.syns[id].time : arena[id].core.last.time
  }

  /// When it was put into its queue.
  @inline(__always)
  func queuedTime(of id: ConnectionID) -> Timestamp {
    id.isNoConnection ? arena.syns[id].time : arena[id].history.queued
  }
}
