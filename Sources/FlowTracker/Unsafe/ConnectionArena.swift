internal import CFlowMemory

/// The memory in which connections live side by side: chunks of fixed-size records that never move.
///
/// A place that was given back is used again before a new one, so the memory follows the most
/// connections that were alive at one time.
@safe
struct ConnectionArena: ~Copyable {
  /// 2^11 records: a chunk is somewhat over two megabytes, so huge pages apply.
  private static let chunkBits: UInt32 = 11
  private static let chunkMask: UInt32 = (1 << chunkBits) - 1
  /// Records begin on a cache line, so that the hot part is four lines and no more.
  private static let stride = (MemoryLayout<Connection>.stride + 63) & ~63
  private static var chunkSize: Int { stride << Int(chunkBits) }

  private var chunks: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private var chunkCount = 0
  private var used: UInt32 = 0
  private var firstFree = UInt32.max

  init(capacity: Int) {
    let most = (capacity >> Int(Self.chunkBits)) + 1
    unsafe chunks = .allocate(capacity: most)
  }

  deinit {
    for index in 0..<chunkCount { unsafe flow_memory_free(chunks[index], Self.chunkSize) }
    unsafe chunks.deallocate()
  }

  @inline(__always)
  private func address(_ id: ConnectionID) -> UnsafeMutableRawPointer {
    unsafe chunks.baseAddress.unsafelyUnwrapped[Int(id.rawValue >> Self.chunkBits)]
      + Int(id.rawValue & Self.chunkMask) * Self.stride
  }

  subscript(id: ConnectionID) -> Connection {
    @inline(__always)
    unsafeAddress {
      unsafe UnsafePointer(address(id).assumingMemoryBound(to: Connection.self))
    }
    @inline(__always)
    unsafeMutableAddress {
      unsafe address(id).assumingMemoryBound(to: Connection.self)
    }
  }

  /// Starts to bring a record into the cache: the part that every segment touches, or the whole.
  @inline(__always)
  func prefetch(_ id: ConnectionID, whole: Bool) {
    let start = unsafe address(id)
    unsafe flow_memory_prefetch(start)
    unsafe flow_memory_prefetch(start + 64)
    unsafe flow_memory_prefetch(start + 128)
    unsafe flow_memory_prefetch(start + 192)
    guard whole else { return }
    var offset = 256
    while offset < Self.stride {
      unsafe flow_memory_prefetch(start + offset)
      offset += 64
    }
  }

  /// A place for `connection`; the caller sees to it that there are never more than `capacity`.
  mutating func add(_ connection: Connection) -> ConnectionID {
    let id: ConnectionID
    if firstFree != .max {
      id = ConnectionID(rawValue: firstFree)
      firstFree = unsafe address(id).load(as: UInt32.self)
    } else {
      id = ConnectionID(rawValue: used)
      if used & Self.chunkMask == 0 { addChunk() }
      used += 1
    }
    unsafe address(id).initializeMemory(as: Connection.self, to: connection)
    return id
  }

  mutating func remove(_ id: ConnectionID) {
    unsafe address(id).storeBytes(of: firstFree, as: UInt32.self)
    firstFree = id.rawValue
  }

  private mutating func addChunk() {
    guard let chunk = unsafe flow_memory_allocate(Self.chunkSize) else {
      fatalError("out of memory: no room for more connections; lower the connection limit")
    }
    unsafe chunks[chunkCount] = unsafe chunk
    chunkCount += 1
  }
}
