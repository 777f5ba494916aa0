/// Is told of every header that the decoder passes.
protocol HeaderObserver {
  /// A header was read.
  ///
  /// - Parameters:
  ///   - kind: Which header it is.
  ///   - bytes: What was captured from its first byte on.
  ///   - walk: How long it is, and what follows.
  ///   - segment: What has been read so far.
  mutating func passed(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: Walk, _ segment: Segment)

  /// The walk ended at a header without a segment.
  mutating func stopped(at kind: HeaderKind, _ bytes: RawSpan, _ segment: Segment)

  /// What follows stands in a datagram put together from fragments.
  mutating func enteredDatagram()
}

/// The observer of the hot path, which costs nothing.
struct SilentObserver: HeaderObserver {
  @inline(__always)
  mutating func passed(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: Walk, _ segment: Segment
  ) {}

  @inline(__always)
  mutating func stopped(at kind: HeaderKind, _ bytes: RawSpan, _ segment: Segment) {}

  @inline(__always)
  mutating func enteredDatagram() {}
}
