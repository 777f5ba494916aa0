/// How much of a capture is kept to compare it.
public struct ComparisonLimits: Sendable {
  /// So many connections, the first ones that end.
  public var connections: Int
  /// So many segments, the first ones: each takes 64 bytes, and as much again while they become more.
  public var segments: Int

  public init(connections: Int = 65_536, segments: Int = 2_000_000) {
    self.connections = connections
    self.segments = segments
  }
}
