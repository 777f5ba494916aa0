public import FlowTracker

/// How many connections have their two ends in which states.
public struct StatePairs: Sendable, Equatable {
  /// The states, and one place for an end of which nothing tells.
  private static let side = EndpointState.allCases.count + 1

  private var counts = [Int](repeating: 0, count: Self.side * Self.side)

  init() {}

  /// So many connections have their client in a state and their server in one; `nil` is one that nothing tells.
  public struct Pair: Sendable, Equatable {
    public var client: EndpointState?
    public var server: EndpointState?
    public var connections: Int
  }

  /// The pairs that there are, in the order of RFC 9293 §3.3.2 of their clients' states, then of their servers'.
  public var all: [Pair] {
    counts.indices.compactMap { index in
      guard counts[index] > 0 else { return nil }
      return Pair(
        client: Self.state(index / Self.side), server: Self.state(index % Self.side),
        connections: counts[index])
    }
  }

  mutating func count(_ client: EndpointState?, _ server: EndpointState?, _ change: Int) {
    counts[Self.place(client) * Self.side + Self.place(server)] += change
  }

  private static func place(_ state: EndpointState?) -> Int {
    state.map { Int($0.rawValue) } ?? side - 1
  }

  private static func state(_ place: Int) -> EndpointState? {
    EndpointState(rawValue: UInt8(place))
  }
}
