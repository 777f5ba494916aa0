internal import FlowTracker
internal import PacketParser

/// The segments that stand between the decoder and the table.
///
/// Plain memory, so that a segment is written and read where it lies: through an array's accessors
/// each of them would be copied out and back.
@safe
struct SegmentBatch: ~Copyable {
  static let capacity = 32

  private let segments: UnsafeMutablePointer<ArrivingSegment>
  var count = 0

  init() {
    unsafe segments = .allocate(capacity: Self.capacity)
    unsafe segments.initialize(repeating: ArrivingSegment(Segment()), count: Self.capacity)
  }

  deinit {
    unsafe segments.deallocate()
  }

  subscript(index: Int) -> ArrivingSegment {
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
}
