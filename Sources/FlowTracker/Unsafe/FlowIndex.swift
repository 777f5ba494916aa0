internal import CFlowMemory

/// From the hash of a key to connections: open addressing with linear probing.
///
/// An entry is eight bytes, the hash above the connection's place plus one, so that a look-up that
/// ends at the first entry costs one cache line. Entries are removed by shifting back what follows
/// (Knuth, volume 3, algorithm 6.4 R), so there are no tombstones to clean up.
@safe
struct FlowIndex: ~Copyable {
  /// At the most half of the entries are taken, and at least a quarter of a large index; of a small one, which
  /// fits into the cache, half as many, so that nearly all are at home or beside it.
  static let bytesPerEntry = 4 * MemoryLayout<UInt64>.size

  /// Of 4 MiB.
  private static let largeMask: UInt32 = (1 << 19) - 1

  private var entries: UnsafeMutablePointer<UInt64>
  private var mask: UInt32
  private var count = 0

  init() {
    mask = (1 << 12) - 1
    unsafe entries = Self.allocate(mask)
  }

  deinit {
    unsafe flow_memory_free(entries, (Int(mask) + 1) * 8)
  }

  /// Starts to bring the entry for `hash` into the cache, and its neighbour, which `candidate` looks at too.
  @inline(__always)
  func prefetch(_ hash: UInt32) {
    unsafe flow_memory_prefetch(entries + Int(hash & mask))
    unsafe flow_memory_prefetch(entries + Int((hash &+ 1) & mask))
  }

  /// The first connection whose key has this hash, most likely the one that is looked for; else none.
  @inline(__always)
  func candidate(_ hash: UInt32) -> ConnectionID {
    // Nearly all are at home or beside it. Which of the two, nothing foretells, so there is no branch
    // between them; where one is empty, no other with this hash comes after it.
    let home = unsafe entries[Int(hash & mask)]
    let neighbour = unsafe entries[Int((hash &+ 1) & mask)]
    let entry = UInt32(truncatingIfNeeded: home >> 32) == hash ? home : neighbour
    guard UInt32(truncatingIfNeeded: entry >> 32) == hash else {
      return home == 0 || neighbour == 0 ? .none : first(hash) { _ in true } ?? .none
    }
    return ConnectionID(rawValue: UInt32(truncatingIfNeeded: entry) &- 1)
  }

  /// The first connection with this hash that `isWanted`.
  @inline(__always)
  func first(_ hash: UInt32, where isWanted: (ConnectionID) -> Bool) -> ConnectionID? {
    var slot = hash & mask
    while true {
      let entry = unsafe entries[Int(slot)]
      if entry == 0 { return nil }
      if UInt32(truncatingIfNeeded: entry >> 32) == hash {
        let id = ConnectionID(rawValue: UInt32(truncatingIfNeeded: entry) &- 1)
        if isWanted(id) { return id }
      }
      slot = (slot &+ 1) & mask
    }
  }

  mutating func insert(_ hash: UInt32, _ id: ConnectionID) {
    if count >= Int(mask) / (mask < Self.largeMask ? 4 : 2) { grow() }
    put(Self.entry(hash, id))
    count += 1
  }

  /// Names another connection where one was named.
  mutating func replace(_ hash: UInt32, _ id: ConnectionID, by other: ConnectionID) {
    unsafe entries[Int(slot(of: id, hash))] = Self.entry(hash, other)
  }

  mutating func remove(_ hash: UInt32, _ id: ConnectionID) {
    var slot = slot(of: id, hash)
    count -= 1
    var hole = slot
    while true {
      slot = (slot &+ 1) & mask
      let entry = unsafe entries[Int(slot)]
      if entry == 0 { break }
      let home = UInt32(truncatingIfNeeded: entry >> 32) & mask
      // It may move back only if its home does not lie between the hole and where it is.
      if (slot &- home) & mask >= (slot &- hole) & mask {
        unsafe entries[Int(hole)] = entry
        hole = slot
      }
    }
    unsafe entries[Int(hole)] = 0
  }

  @inline(__always)
  private static func entry(_ hash: UInt32, _ id: ConnectionID) -> UInt64 {
    UInt64(hash) << 32 | UInt64(id.rawValue &+ 1)
  }

  private func slot(of id: ConnectionID, _ hash: UInt32) -> UInt32 {
    var slot = hash & mask
    let wanted = Self.entry(hash, id)
    while unsafe entries[Int(slot)] != wanted {
      precondition(unsafe entries[Int(slot)] != 0, "a connection that is not in the index")
      slot = (slot &+ 1) & mask
    }
    return slot
  }

  private func put(_ entry: UInt64) {
    var slot = UInt32(truncatingIfNeeded: entry >> 32) & mask
    while unsafe entries[Int(slot)] != 0 { slot = (slot &+ 1) & mask }
    unsafe entries[Int(slot)] = entry
  }

  private mutating func grow() {
    let old = unsafe entries
    let oldCount = Int(mask) + 1
    mask = mask << 1 | 1
    unsafe entries = Self.allocate(mask)
    for slot in 0..<oldCount where unsafe old[slot] != 0 { unsafe put(old[slot]) }
    unsafe flow_memory_free(old, oldCount * 8)
  }

  private static func allocate(_ mask: UInt32) -> UnsafeMutablePointer<UInt64> {
    guard let memory = unsafe flow_memory_allocate((Int(mask) + 1) * 8) else {
      fatalError("out of memory: no room for a larger index of connections")
    }
    return unsafe memory.assumingMemoryBound(to: UInt64.self)
  }
}
