public import PacketParser

/// Segments on their way to their connections, in the order in which they came; the oldest gives its
/// place to the next.
///
///     decoder.decode(frame, info, into: &queue.arriving)
///     if let step = table.advance(&queue) { … }     // what a segment that came before did
///     while let step = table.takeNext(&queue) { … } // at the end: those that still wait
///
/// Plain memory, so that a segment is written and read where it lies: through an array's accessors
/// each of them would be copied out and back.
@safe
public struct SegmentQueue: ~Copyable {
  @usableFromInline static let capacity = 32

  @usableFromInline let segments: UnsafeMutablePointer<ArrivingSegment>
  /// Segments that have come, and those of them that the table has taken in.
  @usableFromInline var arrived = 0
  @usableFromInline var taken = 0

  public init() {
    unsafe segments = .allocate(capacity: Self.capacity)
    unsafe segments.initialize(repeating: ArrivingSegment(Segment()), count: Self.capacity)
  }

  deinit {
    unsafe segments.deallocate()
  }

  /// Where the next segment is written to, before `ConnectionTable.advance` takes it over.
  @inlinable public var arriving: Segment {
    unsafeAddress { unsafe UnsafePointer(segment(arrived)) }
    unsafeMutableAddress { unsafe segment(arrived) }
  }

  /// The segment that the table took in last.
  @inlinable public var latest: Segment {
    unsafeAddress { unsafe UnsafePointer(segment(taken &- 1)) }
  }

  @inlinable
  func segment(_ number: Int) -> UnsafeMutablePointer<Segment> {
    unsafe UnsafeMutableRawPointer(segments + number & (Self.capacity &- 1))
      .assumingMemoryBound(to: Segment.self)
  }

  /// A segment by its number; it is there as long as no later one has its place.
  subscript(number: Int) -> ArrivingSegment {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(segments + number & (Self.capacity &- 1)) }
    @inline(__always)
    unsafeMutableAddress { unsafe segments + number & (Self.capacity &- 1) }
  }
}
