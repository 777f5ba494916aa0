import PacketParser

/// The memory in which connections live: records that never move.
///
/// What most connections never touch lies apart, and so do the links of the queues, since whoever
/// leaves one touches those of two strangers, and the addresses of IPv6. SYNs that wait for what follows
/// them have memory of their own.
@safe
struct ConnectionArena: ~Copyable {
  private let connections: RecordSpace<StoredConnection>
  /// Apart, so that a connection can take a record of it.
  private let irregularities: UnsafeMutablePointer<IrregularityPool>
  private let addresses: RecordSpace<FlowAddresses>
  /// Of each connection two, a cache line for each end.
  private let roundTrips: RecordSpace<RoundTrips>
  private var places: PlaceList
  private(set) var syns: SYNCache

  /// Memory for at most `capacity` connections, and `synCapacity` SYNs; none of it is taken before it is
  /// used.
  init(capacity: Int, synCapacity: Int, measuresRoundTrips: Bool) {
    precondition(
      MemoryLayout<ConnectionCore>.size == StoredConnection.coreSize
        && MemoryLayout<StoredConnection>.size <= StoredConnection.size,
      "a record has grown beyond its cache lines")
    guard
      let places = PlaceList(capacity: capacity),
      let connections = RecordSpace<StoredConnection>(
        capacity: places.capacity, areTouchedByMost: true),
      let irregularities = IrregularityPool(capacity: places.capacity),
      let addresses = RecordSpace<FlowAddresses>(
        capacity: places.capacity, areTouchedByMost: false),
      let roundTrips = RecordSpace<RoundTrips>(
        capacity: 2 * places.capacity, areTouchedByMost: measuresRoundTrips),
      let syns = SYNCache(capacity: synCapacity)
    else {
      fatalError("out of address space: no room for \(capacity) connections; lower the limit")
    }
    self.places = places
    self.syns = syns
    self.connections = connections
    unsafe self.irregularities = .allocate(capacity: 1)
    unsafe self.irregularities.initialize(to: irregularities)
    self.addresses = addresses
    self.roundTrips = roundTrips
  }

  deinit {
    unsafe irregularities.deinitialize(count: 1)
    unsafe irregularities.deallocate()
  }

  @inline(__always)
  subscript(id: ConnectionID) -> LiveConnection {
    unsafe LiveConnection(connections[id], irregularities, id)
  }

  /// The neighbours of a connection in its queue, or of a SYN.
  subscript(links id: ConnectionID) -> QueueLinks {
    @inline(__always)
    get { id.isNoConnection ? syns[links: id] : places[id] }
    @inline(__always)
    nonmutating set {
      if id.isNoConnection { syns[links: id] = newValue } else { places[id] = newValue }
    }
  }

  /// The addresses of a connection whose key has only a digest of them; meaningless of others.
  subscript(addresses id: ConnectionID) -> FlowAddresses {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(addresses[id]) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe addresses[id] }
  }

  /// The round trips of an end's payload, in a table that measures them.
  subscript(roundTrips id: ConnectionID, of end: Int) -> RoundTrips {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(roundTrips[Self.place(id, end)]) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe roundTrips[Self.place(id, end)] }
  }

  /// Where something of an end stands that each connection has two of.
  @inline(__always)
  private static func place(_ id: ConnectionID, _ end: Int) -> ConnectionID {
    ConnectionID(rawValue: 2 &* id.rawValue &+ UInt32(truncatingIfNeeded: end))
  }

  /// What the connections take that have a place, with what they may have beside it, and with their entries
  /// in the index.
  var bytesInUse: Int {
    unsafe places.count &* Self.bytesPerPlace &+ irregularities.pointee.bytesInUse
      &+ syns.bytesInUse &+ syns.count &* FlowIndex.bytesPerEntry
  }

  /// The share of a connection in them, or of a SYN.
  func bytes(of id: ConnectionID) -> Int {
    guard !id.isNoConnection else { return syns.bytes(of: id) + FlowIndex.bytesPerEntry }
    let isIrregular = self[id].core.traits.contains(.isIrregular)
    return Self.bytesPerPlace + (isIrregular ? IrregularityPool.bytesPerRecord : 0)
  }

  private static let bytesPerPlace =
    RecordSpace<StoredConnection>.stride + PlaceList.bytesPerPlace
    + RecordSpace<FlowAddresses>.stride + FlowIndex.bytesPerEntry

  /// Whether the place has ever been given to a connection.
  func contains(_ id: ConnectionID) -> Bool {
    places.contains(id)
  }

  /// Starts to bring into the cache what every segment touches of a connection, but for
  /// `prefetchTraffic`.
  @inline(__always)
  func prefetchCore(_ id: ConnectionID) {
    connections.prefetch(id, bytes: 0..<64)
  }

  /// Starts to bring into the cache what tells a connection whose key has only a digest.
  @inline(__always)
  func prefetchAddresses(_ id: ConnectionID) {
    addresses.prefetch(id, bytes: 0..<1)
  }

  /// Starts to bring into the cache what only the segments of one end touch.
  @inline(__always)
  func prefetchTraffic(_ id: ConnectionID, of sender: Side) {
    let start = 64 * (1 + Int(sender.rawValue))
    connections.prefetch(id, bytes: start..<(start + 64))
  }

  /// Starts to bring into the cache what the segments of one end touch beside the rest of a connection that is
  /// irregular: the window that they fill, the first frame, from which others are counted, and what was
  /// irregular; of copies of frames alone that is less.
  @inline(__always)
  func prefetchIrregularities(_ id: ConnectionID, of sender: Side, needsCare: Bool) {
    prefetchTraffic(id, of: sender.peer)
    prefetchOutline(id)
    if needsCare {
      unsafe irregularities.pointee.prefetch(id, of: sender)
    } else {
      unsafe irregularities.pointee.prefetchCopies(id, of: sender)
    }
  }

  /// Starts to bring into the cache what is told of any connection.
  func prefetchAll(_ id: ConnectionID) {
    connections.prefetch(id, bytes: 0..<StoredConnection.size)
  }

  /// Starts to bring the round trips into the cache that a segment touches: it may end one of its peer's, and
  /// begin one of its own if it has payload.
  @inline(__always)
  func prefetchRoundTrips(_ id: ConnectionID, of sender: Side, hasPayload: Bool) {
    let peer = Int(sender.peer.rawValue)
    prefetchRoundTrips(id, of: peer)
    prefetchRoundTrips(id, of: hasPayload ? Int(sender.rawValue) : peer)
  }

  @inline(__always)
  func prefetchRoundTrips(_ id: ConnectionID, of end: Int) {
    roundTrips.prefetch(Self.place(id, end), bytes: 0..<1)
  }

  /// Starts to bring the rest of a connection into the cache, but for its last line, which holds what
  /// few connections have: more milestones than a handshake and a close.
  @inline(__always)
  func prefetchHistory(_ id: ConnectionID) {
    connections.prefetch(id, bytes: StoredConnection.coreSize..<(StoredConnection.size - 64))
    places.prefetch(id)
  }

  /// Starts to bring into the cache what is told of a connection that is unremarkable.
  @inline(__always)
  func prefetchOutline(_ id: ConnectionID) {
    connections.prefetch(id, bytes: StoredConnection.coreSize..<(StoredConnection.coreSize + 64))
  }

  /// Starts to bring the place into the cache that the next connection will get: most likely the one that
  /// was given back last.
  private func prefetchFree() {
    guard places.firstFree != .none else { return }
    connections.prefetch(places.firstFree, bytes: 0..<(StoredConnection.size - 64))
    places.prefetch(places.firstFree)
  }

  /// Starts to bring into the cache what says who the neighbours of a connection are in its queue, or of a SYN.
  @inline(__always)
  func prefetchLinks(_ id: ConnectionID) {
    if id.isNoConnection { syns.prefetchLinks(id) } else { places.prefetch(id) }
  }

  /// Starts to bring into the cache what a SYN touches of its neighbours when it leaves its queue.
  @inline(__always)
  func prefetchNeighbours(ofSYN id: ConnectionID) {
    let links = syns[links: id]
    if links.previous != .none { prefetchLinks(links.previous) }
    if links.following != .none { prefetchLinks(links.following) }
  }

  /// A place for a connection; the caller sees to it that there are never more than `capacity`.
  ///
  /// What stands there is of whoever had the place before, or zeroes: the caller begins it.
  mutating func add() -> ConnectionID {
    let missing = places.missing
    if !missing.isEmpty { extend(by: missing) }
    return places.take()
  }

  mutating func remove(_ id: ConnectionID) {
    if self[id].core.traits.contains(.isIrregular) { unsafe irregularities.pointee.end(id) }
    places.giveBack(id)
    prefetchFree()
  }

  private mutating func extend(by missing: Range<Int>) {
    let (start, count) = (missing.lowerBound, missing.count)
    let isDone =
      unsafe places.add(missing) && connections.extend(from: start, by: count)
      && irregularities.pointee.extend(from: start, by: count)
      && addresses.extend(from: start, by: count)
      && roundTrips.extend(from: 2 * start, by: 2 * count)
    guard isDone else {
      fatalError("out of memory: no room for more connections; lower the connection limit")
    }
  }

  // MARK: - SYNs

  /// Lets a SYN wait; the addresses are those of a key that is a digest.
  mutating func add(_ syn: CachedSYN, _ addressesOfDigest: FlowAddresses?) -> ConnectionID {
    syns.add(syn, addressesOfDigest)
  }

  mutating func removeSYN(_ id: ConnectionID) {
    syns.remove(id)
  }
}

/// A connection as it lies in its place: what every segment touches, then what only a handshake or a
/// close does.
struct StoredConnection: BitwiseCopyable {
  /// In bytes: three cache lines of the core, six of the history.
  static let coreSize = 192
  static let size = 576

  var core: ConnectionCore
  var history: ConnectionHistory
}
