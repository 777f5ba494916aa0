import PacketParser

/// A segment on its way to its connection.
@usableFromInline
struct ArrivingSegment: BitwiseCopyable {
  /// First, so that its place is the segment's.
  var segment: Segment
  /// Meaningless until `ConnectionTable.prepare` fills it in.
  var lookup: FlowLookup
  /// The connection that most likely is its own, if `ConnectionTable.prefetch` has met one.
  var candidate = ConnectionID.none

  init(_ segment: Segment) {
    self.segment = segment
    lookup = FlowLookup(&self.segment, seed: 0)
  }
}
