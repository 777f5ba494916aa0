import PacketParser

/// The memory in which connections live: records that never move.
///
/// What most connections never touch lies apart, and so do the links of the queues, since whoever
/// leaves one touches those of two strangers, and the addresses of IPv6. A place that was given back
/// is used again before a new one, so the memory follows the most connections that were alive at one
/// time.
@safe
struct ConnectionArena: ~Copyable {
  /// So many records fill whole huge pages.
  private static let step = 32_768
  /// Most captures have few connections, for which a huge page is too much to clear.
  private static let firstStep = 1_024

  private let connections: RecordSpace<StoredConnection>
  /// Apart, so that a connection can take a record of it.
  private let irregularities: UnsafeMutablePointer<IrregularityPool>
  private let links: RecordSpace<QueueLinks>
  private let addresses: RecordSpace<FlowAddresses>
  private let roundTrips: RecordSpace<InlineArray<2, RoundTrips>>
  private let capacity: Int
  /// Places whose memory may be used; what lies beyond them is only reserved.
  private var usable = 0
  private var used: UInt32 = 0
  private var firstFree = ConnectionID.none
  private var placesInUse = 0

  /// Memory for at most `capacity` connections; none of it is taken before it is used.
  init(capacity: Int) {
    precondition(
      MemoryLayout<ConnectionCore>.size == StoredConnection.coreSize
        && MemoryLayout<StoredConnection>.size <= StoredConnection.size,
      "a record has grown beyond its cache lines")
    let places = (capacity + Self.step - 1) / Self.step * Self.step
    guard
      let connections = RecordSpace<StoredConnection>(
        capacity: places, areTouchedByMost: true),
      let irregularities = IrregularityPool(capacity: places),
      let links = RecordSpace<QueueLinks>(capacity: places, areTouchedByMost: true),
      let addresses = RecordSpace<FlowAddresses>(
        capacity: places, areTouchedByMost: false),
      let roundTrips = RecordSpace<InlineArray<2, RoundTrips>>(
        capacity: places, areTouchedByMost: false)
    else {
      fatalError("out of address space: no room for \(places) connections; lower the limit")
    }
    self.capacity = places
    self.connections = connections
    unsafe self.irregularities = .allocate(capacity: 1)
    unsafe self.irregularities.initialize(to: irregularities)
    self.links = links
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

  /// The neighbours of a connection in its queue, or of a free place in the list of them.
  subscript(links id: ConnectionID) -> QueueLinks {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(links[id]) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe links[id] }
  }

  /// The addresses of a connection whose key has only a digest of them; meaningless of others.
  subscript(addresses id: ConnectionID) -> FlowAddresses {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(addresses[id]) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe addresses[id] }
  }

  /// The round trips of the client's payload, then of the server's, in a table that measures them.
  subscript(roundTrips id: ConnectionID) -> InlineArray<2, RoundTrips> {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(roundTrips[id]) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe roundTrips[id] }
  }

  /// What the connections take that have a place, with what they may have beside it, and with their entries
  /// in the index.
  var bytesInUse: Int {
    unsafe placesInUse &* Self.bytesPerPlace &+ irregularities.pointee.bytesInUse
  }

  /// The share of a connection in them.
  func bytes(of id: ConnectionID) -> Int {
    let isIrregular = self[id].core.traits.contains(.isIrregular)
    return Self.bytesPerPlace + (isIrregular ? IrregularityPool.bytesPerRecord : 0)
  }

  private static let bytesPerPlace =
    RecordSpace<StoredConnection>.stride + RecordSpace<QueueLinks>.stride
    + RecordSpace<FlowAddresses>.stride + FlowIndex.bytesPerEntry

  /// Whether the place has ever been given to a connection.
  func contains(_ id: ConnectionID) -> Bool {
    id.rawValue < used
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

  /// Starts to bring into the cache what the segments of one end touch of a connection that is irregular.
  @inline(__always)
  func prefetchIrregularities(_ id: ConnectionID, of sender: Side) {
    unsafe irregularities.pointee.prefetch(id, of: sender)
  }

  /// Starts to bring the rest of a connection into the cache, but for its last line, which holds what
  /// few connections have: more milestones than a handshake and a close.
  @inline(__always)
  func prefetchHistory(_ id: ConnectionID) {
    connections.prefetch(id, bytes: StoredConnection.coreSize..<(StoredConnection.size - 64))
    prefetchLinks(id)
  }

  /// Starts to bring into the cache what is told of a connection that is unremarkable.
  @inline(__always)
  func prefetchOutline(_ id: ConnectionID) {
    connections.prefetch(id, bytes: StoredConnection.coreSize..<(StoredConnection.coreSize + 64))
  }

  /// Starts to bring the place into the cache that the next connection will get.
  @inline(__always)
  func prefetchFree() {
    guard firstFree != .none else { return }
    connections.prefetch(firstFree, bytes: 0..<(StoredConnection.size - 64))
  }

  @inline(__always)
  func prefetchLinks(_ id: ConnectionID) {
    links.prefetch(id, bytes: 0..<1)
  }

  /// A place for a connection; the caller sees to it that there are never more than `capacity`.
  ///
  /// What stands there is of whoever had the place before, or zeroes: the caller begins it.
  mutating func add() -> ConnectionID {
    placesInUse &+= 1
    if firstFree != .none {
      let id = firstFree
      firstFree = self[links: id].following
      return id
    }
    if used == usable { extend() }
    used += 1
    return ConnectionID(rawValue: used - 1)
  }

  mutating func remove(_ id: ConnectionID) {
    placesInUse &-= 1
    if self[id].core.traits.contains(.isIrregular) { unsafe irregularities.pointee.end(id) }
    self[links: id].following = firstFree
    firstFree = id
  }

  private mutating func extend() {
    precondition(usable < capacity, "connections that have ended were never released")
    let added = usable == 0 ? Self.firstStep : Self.step - usable % Self.step
    let isDone =
      unsafe connections.extend(from: usable, by: added)
      && irregularities.pointee.extend(from: usable, by: added)
      && links.extend(from: usable, by: added) && addresses.extend(from: usable, by: added)
      && roundTrips.extend(from: usable, by: added)
    guard isDone else {
      fatalError("out of memory: no room for more connections; lower the connection limit")
    }
    usable += added
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
