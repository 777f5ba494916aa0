internal import FlowTracker
internal import PacketParser

/// The latest segments, by the order in which they came; the oldest gives its place to the next.
///
/// Plain memory, so that a segment is written and read where it lies: through an array's accessors
/// each of them would be copied out and back.
@safe
struct SegmentQueue: ~Copyable {
  static let capacity = 32

  private let segments: UnsafeMutablePointer<ArrivingSegment>

  init() {
    unsafe segments = .allocate(capacity: Self.capacity)
    unsafe segments.initialize(repeating: ArrivingSegment(Segment()), count: Self.capacity)
  }

  deinit {
    unsafe segments.deallocate()
  }

  /// A segment by its number; it is there as long as no later one has its place.
  subscript(number: Int) -> ArrivingSegment {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(segments + number & (Self.capacity - 1)) }
    @inline(__always)
    unsafeMutableAddress { unsafe segments + number & (Self.capacity - 1) }
  }
}
