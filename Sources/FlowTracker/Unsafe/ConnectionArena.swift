internal import CFlowMemory

/// The memory in which connections live: records that never move.
///
/// What every segment touches lies apart from the rest, so that as many connections as possible
/// share the cache and the pages that the processor can find without a walk; what most connections
/// never touch lies apart again, and so do the links of the queues, since whoever leaves one
/// touches those of two strangers. A place that was given back is used again before a new one, so the
/// memory follows the most connections that were alive at one time.
@safe
struct ConnectionArena: ~Copyable {
  /// Records begin on a cache line: that of a core is three lines and no more.
  private static var coreStride: Int { lines(MemoryLayout<ConnectionCore>.size) }
  private static var historyStride: Int { lines(MemoryLayout<ConnectionHistory>.size) }
  private static var irregularitiesStride: Int {
    lines(MemoryLayout<LiveConnection.Irregularities>.size)
  }
  private static var linksStride: Int { MemoryLayout<QueueLinks>.stride }
  /// So many records fill whole huge pages.
  private static let step = 32_768
  /// Most captures have few connections, for which a huge page is too much to clear.
  private static let firstStep = 1_024

  private let cores: UnsafeMutableRawPointer
  private let histories: UnsafeMutableRawPointer
  private let irregularities: UnsafeMutableRawPointer
  private let links: UnsafeMutableRawPointer
  private let capacity: Int
  /// Places whose memory may be used; what lies beyond them is only reserved.
  private var usable = 0
  private var used: UInt32 = 0
  private var firstFree = ConnectionID.none

  /// Memory for at most `capacity` connections; none of it is taken before it is used.
  init(capacity: Int) {
    precondition(
      MemoryLayout<ConnectionCore>.size <= 192 && MemoryLayout<ConnectionHistory>.size <= 384,
      "a record has grown beyond its cache lines")
    self.capacity = (capacity + Self.step - 1) / Self.step * Self.step
    guard let cores = unsafe flow_memory_reserve(self.capacity * Self.coreStride),
      let histories = unsafe flow_memory_reserve(self.capacity * Self.historyStride),
      let irregularities = unsafe flow_memory_reserve(self.capacity * Self.irregularitiesStride),
      let links = unsafe flow_memory_reserve(self.capacity * Self.linksStride)
    else {
      fatalError("out of address space: no room for \(capacity) connections; lower the limit")
    }
    unsafe self.cores = unsafe cores
    unsafe self.histories = unsafe histories
    unsafe self.irregularities = unsafe irregularities
    unsafe self.links = unsafe links
  }

  deinit {
    unsafe flow_memory_free(cores, capacity * Self.coreStride)
    unsafe flow_memory_free(histories, capacity * Self.historyStride)
    unsafe flow_memory_free(irregularities, capacity * Self.irregularitiesStride)
    unsafe flow_memory_free(links, capacity * Self.linksStride)
  }

  @inline(__always)
  subscript(id: ConnectionID) -> LiveConnection {
    unsafe LiveConnection(
      core: core(id), history: history(id), irregularities: irregularities(id))
  }

  /// The neighbours of a connection in its queue, or of a free place in the list of them.
  subscript(links id: ConnectionID) -> QueueLinks {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(links(id)) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe links(id) }
  }

  /// Whether the place has ever been given to a connection.
  func contains(_ id: ConnectionID) -> Bool {
    id.rawValue < used
  }

  /// Starts to bring into the cache what every segment touches of a connection.
  @inline(__always)
  func prefetchCore(_ id: ConnectionID) {
    unsafe prefetch(core(id), bytes: Self.coreStride)
  }

  /// Starts to bring the rest of a connection into the cache, but for its last line, which holds what
  /// few connections have: more milestones than a handshake and a close.
  @inline(__always)
  func prefetchHistory(_ id: ConnectionID) {
    unsafe prefetch(history(id), bytes: Self.historyStride - 64)
    unsafe flow_memory_prefetch(links(id))
  }

  /// A place for a connection; the caller sees to it that there are never more than `capacity`.
  ///
  /// Its history is that of whoever had the place before, or zeroes: the caller begins it.
  mutating func add(_ core: ConnectionCore) -> ConnectionID {
    let id: ConnectionID
    if firstFree != .none {
      id = firstFree
      firstFree = self[links: id].following
    } else {
      id = ConnectionID(rawValue: used)
      if used == usable { extend() }
      used += 1
    }
    unsafe self.core(id).initialize(to: core)
    return id
  }

  mutating func remove(_ id: ConnectionID) {
    self[links: id].following = firstFree
    firstFree = id
  }

  // MARK: - Addresses

  @inline(__always)
  private func core(_ id: ConnectionID) -> UnsafeMutablePointer<ConnectionCore> {
    unsafe (cores + Int(id.rawValue) * Self.coreStride)
      .assumingMemoryBound(to: ConnectionCore.self)
  }

  @inline(__always)
  private func history(_ id: ConnectionID) -> UnsafeMutablePointer<ConnectionHistory> {
    unsafe (histories + Int(id.rawValue) * Self.historyStride)
      .assumingMemoryBound(to: ConnectionHistory.self)
  }

  @inline(__always)
  private func irregularities(
    _ id: ConnectionID
  ) -> UnsafeMutablePointer<LiveConnection.Irregularities> {
    unsafe (irregularities + Int(id.rawValue) * Self.irregularitiesStride)
      .assumingMemoryBound(to: LiveConnection.Irregularities.self)
  }

  @inline(__always)
  private func links(_ id: ConnectionID) -> UnsafeMutablePointer<QueueLinks> {
    unsafe links.assumingMemoryBound(to: QueueLinks.self) + Int(id.rawValue)
  }

  @inline(__always)
  private func prefetch(_ start: UnsafeMutableRawPointer, bytes: Int) {
    var offset = 0
    while offset < bytes {
      unsafe flow_memory_prefetch(start + offset)
      offset += 64
    }
  }

  private mutating func extend() {
    precondition(usable < capacity, "connections that have ended were never released")
    let added = usable == 0 ? Self.firstStep : Self.step - usable % Self.step
    let isDone =
      unsafe flow_memory_use(cores + usable * Self.coreStride, added * Self.coreStride)
      && flow_memory_use(histories + usable * Self.historyStride, added * Self.historyStride)
      && flow_memory_use(
        irregularities + usable * Self.irregularitiesStride, added * Self.irregularitiesStride)
      && flow_memory_use(links + usable * Self.linksStride, added * Self.linksStride)
    guard isDone else {
      fatalError("out of memory: no room for more connections; lower the connection limit")
    }
    usable += added
  }

  @inline(__always)
  private static func lines(_ bytes: Int) -> Int {
    (bytes + 63) & ~63
  }
}
