import FlowAnalysis
import FlowTracker
import PacketParser

/// Which connections of two captures correspond: indices in their `connections`, each in one pair at most.
enum ConnectionPairing {
  typealias Pair = (a: Int?, b: Int?)

  // MARK: - Before and after

  /// The same scenario twice: connections to the same server and port, from the same client before others,
  /// in their order.
  ///
  /// Where there are more on one side, those are left over that leave the most alike pairs.
  static func beforeAndAfter(_ a: [ConnectionReport], _ b: [ConnectionReport]) -> [Pair] {
    var partners = [Int?](repeating: nil, count: a.count)
    var isPaired = [Bool](repeating: false, count: b.count)
    func pair(by key: (ConnectionReport) -> Place) {
      var groups: [Place: (a: [Int], b: [Int])] = [:]
      for index in a.indices where partners[index] == nil {
        groups[key(a[index]), default: ([], [])].a.append(index)
      }
      for index in b.indices where !isPaired[index] {
        groups[key(b[index]), default: ([], [])].b.append(index)
      }
      for group in groups.values {
        let pairs = Alignment.pairs((group.a.count, group.b.count)) {
          unlikeness(a[group.a[$0]], b[group.b[$1]])
        }
        for (one, other) in pairs {
          partners[group.a[one]] = group.b[other]
          isPaired[group.b[other]] = true
        }
      }
    }
    pair { Place(server: $0.server, client: $0.client.address) }
    pair { Place(server: $0.server) }
    pairMovedServers(a, b, &partners, &isPaired)
    return ordered(partners, count: b.count)
  }

  /// Where a server has got another address: the only one that is left with its port.
  private static func pairMovedServers(
    _ a: [ConnectionReport], _ b: [ConnectionReport], _ partners: inout [Int?],
    _ isPaired: inout [Bool]
  ) {
    // Servers that both captures have have not moved.
    let known = Set(a.map(\.server)).intersection(b.map(\.server))
    let inA = a.indices.filter { partners[$0] == nil && !known.contains(a[$0].server) }
    let inB = b.indices.filter { !isPaired[$0] && !known.contains(b[$0].server) }
    let serversInB = Dictionary(grouping: inB) { b[$0].server.port }
    for (port, indices) in Dictionary(grouping: inA, by: { a[$0].server.port }) {
      guard let others = serversInB[port], Set(indices.map { a[$0].server }).count == 1,
        Set(others.map { b[$0].server }).count == 1
      else { continue }
      let pairs = Alignment.pairs((indices.count, others.count)) {
        unlikeness(a[indices[$0]], b[others[$1]])
      }
      for (one, other) in pairs {
        partners[indices[one]] = others[other]
        isPaired[others[other]] = true
      }
    }
  }

  /// What makes connections candidates for each other.
  private struct Place: Hashable {
    var server: SocketAddress
    var client: IPAddress?
  }

  /// How little two connections have in common, from 0 on.
  private static func unlikeness(_ a: ConnectionReport, _ b: ConnectionReport) -> Double {
    var cost = 0.0
    if a.handshake.outcome != b.handshake.outcome { cost += 4 }
    if a.close.kind != b.close.kind { cost += 2 }
    if a.close.outcome != b.close.outcome { cost += 1 }
    for side in Side.allCases {
      let (one, other) = (a[side].uniquePayload, b[side].uniquePayload)
      guard one != other else { continue }
      cost += 1 - Double(min(one, other)) / Double(max(one, other))
    }
    return cost
  }

  // MARK: - The same traffic

  /// Connections of which most segments are the same, then those between the same ends, in their order.
  static func sameTraffic(
    _ a: [ConnectionReport], _ b: [ConnectionReport], _ path: PathComparison
  ) -> [Pair] {
    var partners = [Int?](repeating: nil, count: a.count)
    var isPaired = [Bool](repeating: false, count: b.count)
    let (indicesInA, indicesInB) = (indices(of: a), indices(of: b))
    var candidates: [Candidate] = []
    for matchings in path.matchings { candidates += Candidate.all(in: matchings) }
    candidates.sort { ($1.common, $0.a, $0.b) < ($0.common, $1.a, $1.b) }
    for candidate in candidates {
      guard let one = indicesInA[candidate.a], let other = indicesInB[candidate.b],
        partners[one] == nil, !isPaired[other]
      else { continue }
      partners[one] = other
      isPaired[other] = true
    }
    pairLeft(a, b, &partners, &isPaired)
    return ordered(partners, count: b.count)
  }

  /// Those between the same ends, of which no segment was seen at both places.
  private static func pairLeft(
    _ a: [ConnectionReport], _ b: [ConnectionReport], _ partners: inout [Int?],
    _ isPaired: inout [Bool]
  ) {
    var left: [SocketPair: [Int]] = [:]
    for index in b.indices.reversed() where !isPaired[index] {
      left[SocketPair(b[index].client, b[index].server), default: []].append(index)
    }
    for index in a.indices where partners[index] == nil {
      let ends = SocketPair(a[index].client, a[index].server)
      guard let other = left[ends]?.popLast() else { continue }
      partners[index] = other
      isPaired[other] = true
    }
  }

  /// Two connections, and how many segments they have in common.
  private struct Candidate {
    var a: UInt32
    var b: UInt32
    var common: Int

    static func all(in matchings: [SegmentMatching]) -> [Candidate] {
      var counts: [UInt64: Int] = [:]
      for matching in matchings {
        for index in matching.a.indices {
          guard let partner = matching.partnerInB[index] else { continue }
          let key =
            UInt64(matching.a[index].connection) << 32
            | UInt64(matching.b[partner].connection)
          counts[key, default: 0] += 1
        }
      }
      return counts.map {
        Candidate(
          a: UInt32($0.key >> 32), b: UInt32(truncatingIfNeeded: $0.key), common: $0.value)
      }
    }
  }

  private static func indices(of connections: [ConnectionReport]) -> [UInt32: Int] {
    var indices: [UInt32: Int] = [:]
    for (index, report) in connections.enumerated() {
      indices[UInt32(clamping: report.number)] = index
    }
    return indices
  }

  /// All connections: those of `a` in their order, then those that are left of `b`.
  private static func ordered(_ partners: [Int?], count: Int) -> [Pair] {
    let paired = Set(partners.compactMap { $0 })
    return partners.indices.map { ($0, partners[$0]) }
      + (0..<count).filter { !paired.contains($0) }.map { (nil, $0) }
  }
}
