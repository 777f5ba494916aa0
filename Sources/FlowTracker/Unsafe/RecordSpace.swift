internal import CFlowMemory

/// Address space for records of one type that never move; only its beginning is memory.
///
/// Zeroes are a record that nobody has written yet.
@safe
struct RecordSpace<Record: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private let areTouchedByMost: Bool

  /// Address space for `capacity` records; `nil` when there is not so much.
  ///
  /// - Parameters:
  ///   - capacity: How many records there may ever be.
  ///   - areTouchedByMost: Whether most connections touch theirs, so that huge pages are worth it.
  init?(capacity: Int, areTouchedByMost: Bool) {
    guard let base = unsafe flow_memory_reserve(capacity * Self.stride) else { return nil }
    unsafe self.base = unsafe base
    self.capacity = capacity
    self.areTouchedByMost = areTouchedByMost
  }

  deinit {
    unsafe flow_memory_free(base, capacity * Self.stride)
  }

  /// A record begins on a cache line, unless several fill one.
  @inline(__always)
  static var stride: Int {
    let size = MemoryLayout<Record>.stride
    return size <= 32 ? size : (size + 63) & ~63
  }

  /// Makes the next `count` records memory, behind the `start` that are; `false` when there is none.
  func extend(from start: Int, by count: Int) -> Bool {
    unsafe flow_memory_use(base + start * Self.stride, count * Self.stride, areTouchedByMost)
  }

  @inline(__always)
  subscript(id: ConnectionID) -> UnsafeMutablePointer<Record> {
    unsafe (base + Int(id.rawValue) * Self.stride).assumingMemoryBound(to: Record.self)
  }

  /// Starts to bring a part of a record into the cache: the lines in which it lies.
  @inline(__always)
  func prefetch(_ id: ConnectionID, bytes range: Range<Int>) {
    var offset = range.lowerBound & ~63
    while offset < range.upperBound {
      unsafe flow_memory_prefetch(base + Int(id.rawValue) * Self.stride + offset)
      offset += 64
    }
  }
}
