import FlowAnalysis
import FlowTracker
import PacketParser

/// By what the connections are in order.
enum RowOrder: CaseIterable, Sendable {
  case change
  case number
  case client
  case server
  case states
  case handshake
  case close
  case rate
  case packets
  case payload
  case duration
  case findings

  /// How the order is told where it is not turned round, and where it is.
  var names: (usual: String, reversed: String) {
    switch self {
    case .change: ("newest change first", "oldest change first")
    case .number: ("by number", "by number, last first")
    case .client: ("by client", "by client, backwards")
    case .server: ("by server", "by server, backwards")
    case .states: ("by state", "by state, backwards")
    case .handshake: ("by handshake", "by handshake, backwards")
    case .close: ("by close", "by close, backwards")
    case .rate: ("fastest first", "slowest first")
    case .packets: ("most packets first", "fewest packets first")
    case .payload: ("most payload first", "least payload first")
    case .duration: ("longest first", "shortest first")
    case .findings: ("worst first", "mildest first")
    }
  }

  /// Whether the greatest usually comes first.
  private var descends: Bool {
    switch self {
    case .change, .rate, .packets, .payload, .duration, .findings: true
    case .number, .client, .server, .states, .handshake, .close: false
    }
  }

  /// The indices of those rows that are to be shown, in order; of equals, by their numbers.
  func arrange(
    _ rows: [LiveRow], where shows: (LiveRow) -> Bool, rates: Rates, at time: Timestamp,
    isReversed: Bool
  ) -> [Int] {
    var keys: [Key] = []
    for index in rows.indices where shows(rows[index]) {
      let (first, second, third) = key(of: rows[index], rates, time)
      keys.append(
        Key(first: first, second: second, third: third, number: rows[index].number, index: index))
    }
    // Of those that are equal the newest come first where the greatest do.
    if descends != isReversed { keys.sort { $1 < $0 } } else { keys.sort { $0 < $1 } }
    return keys.map(\.index)
  }

  private struct Key: Comparable, BitwiseCopyable {
    var first: UInt64
    var second: UInt64
    var third: UInt64
    var number: Int
    var index: Int

    static func < (left: Key, right: Key) -> Bool {
      if left.first != right.first { return left.first < right.first }
      if left.second != right.second { return left.second < right.second }
      if left.third != right.third { return left.third < right.third }
      return left.number < right.number
    }
  }

  private func key(
    of row: LiveRow, _ rates: Rates, _ time: Timestamp
  ) -> (UInt64, UInt64, UInt64) {
    switch self {
    case .change: (Self.ordered(row.lastChange.nanoseconds), 0, 0)
    case .number: (0, 0, 0)
    case .client: Self.key(of: row.client)
    case .server: Self.key(of: row.server)
    case .states:
      (
        row.clientState.map { UInt64($0.rawValue) } ?? .max,
        row.serverState.map { UInt64($0.rawValue) } ?? .max, 0
      )
    case .handshake: (UInt64(row.handshake.rawValue), UInt64(row.handshakeKind.rawValue), 0)
    case .close: (UInt64(row.closeKind.rawValue), UInt64(row.close.rawValue), 0)
    case .rate: (rates[row.number]?.total ?? 0, 0, 0)
    case .packets: (row.packets, 0, 0)
    case .payload: (row.payload, 0, 0)
    case .duration: (Self.ordered(row.duration(at: time)), 0, 0)
    case .findings:
      (row.severity.map { UInt64($0.rawValue) + 1 } ?? 0, UInt64(row.findings.count), 0)
    }
  }

  private static func key(of address: SocketAddress) -> (UInt64, UInt64, UInt64) {
    // IPv4 has no high half, so that it comes before all but the IPv6 addresses of old.
    (
      address.address.high, address.address.low,
      UInt64(address.port) | UInt64(address.address.version.rawValue) << 16
    )
  }

  /// The number so that unsigned ones stand in the same order.
  private static func ordered(_ number: Int64) -> UInt64 {
    UInt64(bitPattern: number) ^ 1 << 63
  }
}

extension LiveRow {
  /// Nanoseconds from its first segment to the last one, or to `time` while it is open.
  func duration(at time: Timestamp) -> Int64 {
    max(0, (isEnded ? lastTime : max(time, lastTime)).nanoseconds(since: firstTime))
  }
}
