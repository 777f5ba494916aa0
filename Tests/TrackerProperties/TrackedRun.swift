public import FlowTracker
public import PacketParser

/// What a table made of segments.
public struct TrackedRun: Sendable {
  /// In the order in which they were met.
  public private(set) var connections: [Connection] = []
  /// For each segment the number of its connection, and its facts.
  public private(set) var steps: [(connection: Int, facts: SegmentFacts)] = []

  /// - Parameters:
  ///   - segments: What the table takes in.
  ///   - limits: When and how many connections are put away.
  ///   - uncached: After so many handshakes that are not complete, SYNs wait in the cache; `nil` if none does.
  ///   - predictsHeaders: Whether segments that are expected take the short way.
  public init(
    _ segments: some Sequence<Segment>, _ limits: TrackerLimits = TrackerLimits(),
    uncached: Int? = nil, predictsHeaders: Bool = true
  ) {
    var limits = limits
    if let uncached { limits.uncachedHalfOpenConnections = uncached }
    var table = ConnectionTable(
      limits: limits, measuresRoundTrips: true, cachesSYNs: uncached != nil,
      predictsHeaders: predictsHeaders)
    for segment in segments {
      let step = table.ingest(segment)
      steps.append((table.number(of: step.connection), step.facts))
      collect(&table)
    }
    table.finish()
    collect(&table)
    connections.sort { $0.number < $1.number }
  }

  private mutating func collect(_ table: inout ConnectionTable) {
    while let id = table.takeEnded() {
      connections.append(table[id])
      table.release(id)
    }
  }
}
