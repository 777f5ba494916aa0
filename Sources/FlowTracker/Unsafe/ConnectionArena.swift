internal import CFlowMemory

/// The memory in which connections live: chunks of records that never move.
///
/// What every segment touches lies apart from the rest, so that as many connections as possible
/// share the cache and the pages that the processor can find without a walk; what most connections
/// never touch lies apart again. A place that was given back is used again before a new one, so the
/// memory follows the most connections that were alive at one time.
@safe
struct ConnectionArena: ~Copyable {
  private static let chunkBits: UInt32 = 15
  private static let chunkMask: UInt32 = (1 << chunkBits) - 1
  /// Records begin on a cache line: that of a core is three lines and no more.
  private static let coreStride = lines(MemoryLayout<ConnectionCore>.size)
  private static let historyStride = lines(MemoryLayout<ConnectionHistory>.size)
  private static let irregularitiesStride = lines(
    MemoryLayout<LiveConnection.Irregularities>.size)
  private static var coreChunkSize: Int { coreStride << Int(chunkBits) }
  private static var historyChunkSize: Int { historyStride << Int(chunkBits) }
  private static var irregularitiesChunkSize: Int { irregularitiesStride << Int(chunkBits) }

  private let coreChunks: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let historyChunks: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let irregularitiesChunks: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let chunkLimit: Int
  private var chunkCount = 0
  private var used: UInt32 = 0
  private var firstFree = UInt32.max

  /// Memory for at most `capacity` connections; none of it is taken before it is used.
  init(capacity: Int) {
    chunkLimit = (capacity >> Int(Self.chunkBits)) + 1
    unsafe coreChunks = .allocate(capacity: chunkLimit)
    unsafe historyChunks = .allocate(capacity: chunkLimit)
    unsafe irregularitiesChunks = .allocate(capacity: chunkLimit)
  }

  deinit {
    for index in 0..<chunkCount {
      unsafe flow_memory_free(coreChunks[index], Self.coreChunkSize)
      unsafe flow_memory_free(historyChunks[index], Self.historyChunkSize)
      unsafe flow_memory_free(irregularitiesChunks[index], Self.irregularitiesChunkSize)
    }
    unsafe coreChunks.deallocate()
    unsafe historyChunks.deallocate()
    unsafe irregularitiesChunks.deallocate()
  }

  @inline(__always)
  subscript(id: ConnectionID) -> LiveConnection {
    unsafe LiveConnection(
      core: core(id), history: history(id), irregularities: irregularities(id))
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

  /// Starts to bring the rest of a connection into the cache.
  @inline(__always)
  func prefetchHistory(_ id: ConnectionID) {
    unsafe prefetch(history(id), bytes: Self.historyStride)
  }

  /// A place for a connection; the caller sees to it that there are never more than `capacity`.
  ///
  /// Its history is that of whoever had the place before, or zeroes: the caller begins it.
  mutating func add(_ core: ConnectionCore) -> ConnectionID {
    let id: ConnectionID
    if firstFree != .max {
      id = ConnectionID(rawValue: firstFree)
      firstFree = unsafe history(id).pointee.following
    } else {
      id = ConnectionID(rawValue: used)
      if used & Self.chunkMask == 0 { addChunk() }
      used += 1
    }
    unsafe self.core(id).initialize(to: core)
    return id
  }

  mutating func remove(_ id: ConnectionID) {
    unsafe history(id).pointee.following = firstFree
    firstFree = id.rawValue
  }

  // MARK: - Addresses

  @inline(__always)
  private func core(_ id: ConnectionID) -> UnsafeMutablePointer<ConnectionCore> {
    let chunk = unsafe coreChunks[Int(id.rawValue >> Self.chunkBits)]
    return unsafe (chunk + Int(id.rawValue & Self.chunkMask) * Self.coreStride)
      .assumingMemoryBound(to: ConnectionCore.self)
  }

  @inline(__always)
  private func history(_ id: ConnectionID) -> UnsafeMutablePointer<ConnectionHistory> {
    let chunk = unsafe historyChunks[Int(id.rawValue >> Self.chunkBits)]
    return unsafe (chunk + Int(id.rawValue & Self.chunkMask) * Self.historyStride)
      .assumingMemoryBound(to: ConnectionHistory.self)
  }

  @inline(__always)
  private func irregularities(
    _ id: ConnectionID
  ) -> UnsafeMutablePointer<LiveConnection.Irregularities> {
    let chunk = unsafe irregularitiesChunks[Int(id.rawValue >> Self.chunkBits)]
    return unsafe (chunk + Int(id.rawValue & Self.chunkMask) * Self.irregularitiesStride)
      .assumingMemoryBound(to: LiveConnection.Irregularities.self)
  }

  @inline(__always)
  private func prefetch(_ start: UnsafeMutableRawPointer, bytes: Int) {
    var offset = 0
    while offset < bytes {
      unsafe flow_memory_prefetch(start + offset)
      offset += 64
    }
  }

  private mutating func addChunk() {
    precondition(chunkCount < chunkLimit, "connections that have ended were never released")
    guard let core = unsafe flow_memory_allocate(Self.coreChunkSize),
      let history = unsafe flow_memory_allocate(Self.historyChunkSize),
      let irregularities = unsafe flow_memory_allocate(Self.irregularitiesChunkSize)
    else {
      fatalError("out of memory: no room for more connections; lower the connection limit")
    }
    unsafe coreChunks[chunkCount] = unsafe core
    unsafe historyChunks[chunkCount] = unsafe history
    unsafe irregularitiesChunks[chunkCount] = unsafe irregularities
    chunkCount += 1
  }

  private static func lines(_ bytes: Int) -> Int {
    (bytes + 63) & ~63
  }
}
