/// How much of a capture is kept to compare it.
public struct ComparisonLimits: Sendable {
  /// Connections; the first ones that end.
  public var connections: Int
  /// Segments; the first ones. Each takes 64 bytes, and as much again while they grow.
  public var segments: Int

  public init(connections: Int = 65_536, segments: Int = 2_000_000) {
    self.connections = connections
    self.segments = segments
  }
}
