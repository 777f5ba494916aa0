import PacketParser

/// How fast things go, worked out from one snapshot to the next.
struct Rates {
  /// Rates are taken anew when so much time has passed: shorter ones jump.
  private static let leastNanoseconds: Int64 = 900_000_000

  /// Of all frames; `nil` as long as there is nothing to compare with.
  private(set) var framesPerSecond: UInt64?
  private(set) var bytesPerSecond: UInt64?
  /// By the number of the connection.
  private var connections: [Int: Rate] = [:]
  private var base: Base?

  /// Payload bytes a second that each end sends.
  struct Rate: Equatable, BitwiseCopyable {
    var client: UInt64
    var server: UInt64
    var total: UInt64 { client &+ server }
  }

  /// What the next rates are taken from.
  private struct Base {
    var time: Timestamp
    var frames: UInt64
    var bytes: UInt64
    var rows: [Int: Counts]
  }

  private struct Counts: BitwiseCopyable {
    var client: UInt64
    var server: UInt64
  }

  /// The rate of a connection; `nil` where nothing tells it.
  subscript(number: Int) -> Rate? { connections[number] }

  /// Takes the rates of a snapshot; one that is hardly later than those that there are changes nothing.
  mutating func update(_ snapshot: LiveSnapshot) {
    guard let base, base.time <= snapshot.time else { return begin(with: snapshot) }
    let elapsed = snapshot.time.nanoseconds(since: base.time)
    guard elapsed >= Self.leastNanoseconds else { return }

    framesPerSecond = Self.rate(from: base.frames, to: snapshot.frames, elapsed)
    bytesPerSecond = Self.rate(from: base.bytes, to: snapshot.bytes, elapsed)
    connections.removeAll(keepingCapacity: true)
    for row in snapshot.rows {
      let began = row.firstTime >= base.time ? Counts(client: 0, server: 0) : nil
      guard let before = base.rows[row.number] ?? began else { continue }
      connections[row.number] = Rate(
        client: Self.rate(from: before.client, to: row.clientSent.payload, elapsed),
        server: Self.rate(from: before.server, to: row.serverSent.payload, elapsed))
    }
    self.base = Self.base(snapshot)
  }

  /// Begins anew, also where the capture's clock ran backwards.
  private mutating func begin(with snapshot: LiveSnapshot) {
    (framesPerSecond, bytesPerSecond, connections) = (nil, nil, [:])
    base = Self.base(snapshot)
  }

  private static func base(_ snapshot: LiveSnapshot) -> Base {
    let counts = snapshot.rows.map {
      ($0.number, Counts(client: $0.clientSent.payload, server: $0.serverSent.payload))
    }
    return Base(
      time: snapshot.time, frames: snapshot.frames, bytes: snapshot.bytes,
      rows: Dictionary(counts, uniquingKeysWith: { $1 }))
  }

  private static func rate(from before: UInt64, to after: UInt64, _ nanoseconds: Int64) -> UInt64 {
    guard after > before else { return 0 }
    let perSecond = Double(after - before) * 1e9 / Double(nanoseconds)
    return UInt64(exactly: perSecond.rounded()) ?? .max
  }
}
