import PacketParser

// The steps of `ConnectionTable.ingest` for a caller who has one segment after the other: while one is
// taken in, the memory that those behind it will need is on its way into the cache.
extension ConnectionTable {
  /// So many segments come between the steps of one: the look-up has read the index when the
  /// connection is asked for, the connection is there when it tells whether its history will be
  /// touched, and that is there when the segment is taken in.
  private static let lead = 6

  /// Takes over the segment that was written to `queue.arriving`, and each one under way a step
  /// further.
  ///
  /// - Returns: What the segment did whose turn it was; `nil` as long as the queue fills.
  public mutating func advance(_ queue: inout SegmentQueue) -> Step? {
    prepare(&queue[queue.arrived])
    queue.arrived &+= 1
    let arrived = queue.arrived
    if arrived >= Self.lead { prefetch(&queue[arrived &- Self.lead]) }
    if arrived >= 2 * Self.lead { prefetchRest(&queue[arrived &- 2 * Self.lead]) }
    guard arrived &- queue.taken >= 3 * Self.lead else { return nil }
    let step = take(&queue[queue.taken])
    queue.taken &+= 1
    return step
  }

  /// Takes in the next of the segments that still wait, whether or not its turn has come.
  public mutating func takeNext(_ queue: inout SegmentQueue) -> Step? {
    guard queue.taken < queue.arrived else { return nil }
    queue.taken &+= 1
    return takeLate(&queue[queue.taken &- 1])
  }

  @inline(never)
  private mutating func takeLate(_ arriving: inout ArrivingSegment) -> Step {
    take(&arriving)
  }

  /// Fills in how the segment's connection is found, and starts to read its entry in the index.
  @inline(__always)
  mutating func prepare(_ arriving: inout ArrivingSegment) {
    arriving.lookup = FlowLookup(&arriving.segment, seed: seed)
    arriving.candidate = .none
    index.prefetch(arriving.lookup.hash)
  }

  /// Starts to read what every segment touches of the connection that most likely is this one's.
  ///
  /// It does not change the table. It is `mutating` because that is then passed by its address: by
  /// value, Swift 6.3 copies it for each call.
  @inline(__always)
  private mutating func prefetch(_ arriving: inout ArrivingSegment) {
    let id = index.candidate(arriving.lookup.hash)
    guard id != .none else { return }
    arriving.candidate = id
    guard !id.isNoConnection else { return arena.syns.prefetch(id) }
    arena.prefetchCore(id)
    if arriving.lookup.key.isDigest { arena.prefetchAddresses(id) }
  }

  /// Starts to read the rest of the connection, some time after `prefetch`: what its sender has sent,
  /// and the history, if the segment is likely to touch it: it may change a state, or prove one.
  ///
  /// Where there is but a SYN, the segment begins the connection, which takes the place of the SYN.
  @inline(__always)
  private mutating func prefetchRest(_ arriving: inout ArrivingSegment) {
    guard !arriving.candidate.isNoConnection else {
      if arriving.candidate != .none { arena.prefetchNeighbours(ofSYN: arriving.candidate) }
      return
    }
    let sender = arena[arriving.candidate].core.sender(fromLower: arriving.lookup.fromLower)
    arena.prefetchTraffic(arriving.candidate, of: sender)
    let traits = arena[arriving.candidate].core.traits
    if traits.contains(.isIrregular) {
      arena.prefetchIrregularities(
        arriving.candidate, of: sender, needsCare: traits.contains(.needsCare))
    }
    if measuresRoundTrips {
      arena.prefetchRoundTrips(
        arriving.candidate, of: sender, hasPayload: arriving.segment.payloadLength > 0)
    }
    if arena[arriving.candidate].core.touchesHistory(arriving.segment.flags, from: sender) {
      // What it opens or closes depends on the windows of both ends.
      arena.prefetchTraffic(arriving.candidate, of: sender.peer)
      arena.prefetchHistory(arriving.candidate)
    }
  }
}
