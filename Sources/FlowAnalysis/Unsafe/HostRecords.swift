internal import CFlowMemory

/// Records of a fixed number, in plain memory, so that each is read and changed where it lies: through
/// an array's accessors a large one would be copied out and back.
@safe
struct HostRecords<Record: HostRecord>: ~Copyable {
  let count: Int
  private let records: UnsafeMutablePointer<Record>

  init(count: Int) {
    self.count = count
    unsafe records = .allocate(capacity: count)
    unsafe records.initialize(repeating: Record(), count: count)
  }

  deinit {
    unsafe records.deinitialize(count: count)
    unsafe records.deallocate()
  }

  /// Starts to bring the beginning of a record into the cache.
  @inline(__always)
  func prefetch(_ place: Int) {
    unsafe flow_memory_prefetch(records + place)
  }

  subscript(place: Int) -> Record {
    @inline(__always)
    unsafeAddress {
      precondition(place >= 0 && place < count)
      return unsafe UnsafePointer(records + place)
    }
    @inline(__always)
    unsafeMutableAddress {
      precondition(place >= 0 && place < count)
      return unsafe records + place
    }
  }
}
