internal import FlowTracker
internal import PacketParser

/// The segments that stand between the decoder and the table, and how the table will find the
/// connection of each.
///
/// Plain memory, so that a segment is written and read where it lies: through an array's accessors
/// each of them would be copied out and back.
@safe
struct SegmentBatch: ~Copyable {
  static let capacity = 64

  private let segments: UnsafeMutablePointer<Segment>
  private let lookups: UnsafeMutablePointer<FlowLookup>
  var count = 0

  init() {
    unsafe segments = .allocate(capacity: Self.capacity)
    unsafe segments.initialize(repeating: Segment(), count: Self.capacity)
    unsafe lookups = .allocate(capacity: Self.capacity)
    unsafe lookups.initialize(repeating: FlowLookup(Segment(), seed: 0), count: Self.capacity)
  }

  deinit {
    unsafe segments.deallocate()
    unsafe lookups.deallocate()
  }

  subscript(index: Int) -> Segment {
    @inline(__always)
    unsafeAddress {
      precondition(index >= 0 && index < Self.capacity)
      return unsafe UnsafePointer(segments + index)
    }
    @inline(__always)
    unsafeMutableAddress {
      precondition(index >= 0 && index < Self.capacity)
      return unsafe segments + index
    }
  }

  subscript(lookup index: Int) -> FlowLookup {
    @inline(__always)
    unsafeAddress {
      precondition(index >= 0 && index < Self.capacity)
      return unsafe UnsafePointer(lookups + index)
    }
    @inline(__always)
    unsafeMutableAddress {
      precondition(index >= 0 && index < Self.capacity)
      return unsafe lookups + index
    }
  }
}
