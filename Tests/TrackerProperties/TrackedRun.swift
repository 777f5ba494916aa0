public import FlowTracker
public import PacketParser

/// What a table made of segments.
public struct TrackedRun: Sendable {
  /// In the order in which they were met.
  public private(set) var connections: [Connection] = []
  /// For each segment the number of its connection, and its facts.
  public private(set) var steps: [(connection: Int, facts: SegmentFacts)] = []

  public init(
    _ segments: some Sequence<Segment>, _ limits: TrackerLimits = TrackerLimits(),
    cachesSYNs: Bool = false, predictsHeaders: Bool = true
  ) {
    var table = ConnectionTable(
      limits: limits, measuresRoundTrips: true, cachesSYNs: cachesSYNs,
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
