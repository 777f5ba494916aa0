public import FlowAnalysis
import FlowTracker
import PacketParser

/// Two captures, held against each other.
///
/// Either they show the same scenario, before and after a change: then what counts is what came of its
/// connections. Or they show the same traffic at two places of its path: then what counts is what happened
/// to its segments between them.
public struct Comparison: Sendable {
  public enum Mode: String, Sendable {
    case beforeAndAfter = "before-and-after"
    case sameTraffic = "same-traffic"
  }

  /// The names of the captures.
  public let names: (a: String, b: String)
  public let mode: Mode
  /// The connections that differ, or that one capture alone has: those of `a` in their order, then those
  /// of `b`.
  public private(set) var connections: [ComparedConnection] = []
  /// Connections that correspond.
  public private(set) var pairs = 0
  /// What was left out of either capture since it was too much to keep.
  public let omitted: (a: Omission, b: Omission)
  /// Of the same traffic: the way between the two places; `nil` of a scenario.
  public private(set) var path: ComparedPath?

  /// So much of a capture was too much to keep.
  public struct Omission: Sendable {
    public var connections: Int
    public var segments: Int
  }

  /// Compares two captures that have ended.
  ///
  /// - Parameters:
  ///   - a: The one before, or at one place.
  ///   - b: The one after, or at the other place.
  ///   - mode: What they show; `nil` to find out: the same traffic where a segment of both has the same
  ///     ends and the same sequence number.
  ///   - tolerance: How far times may be apart.
  public init(
    _ a: CaptureRecording, _ b: CaptureRecording, mode: Mode? = nil,
    tolerance: Tolerance = Tolerance()
  ) {
    names = (a.name, b.name)
    self.mode =
      mode ?? (FlowPairing.areSameTraffic(a, b) ? .sameTraffic : .beforeAndAfter)
    omitted = (
      Omission(connections: a.omittedConnections, segments: a.omittedSegments),
      Omission(connections: b.omittedConnections, segments: b.omittedSegments)
    )
    switch self.mode {
    case .beforeAndAfter:
      let pairs = ConnectionPairing.beforeAndAfter(a.connections, b.connections)
      compare(pairs, a, b, tolerance, nil)
    case .sameTraffic:
      let path = PathComparison(a, b, tolerance)
      let pairs = ConnectionPairing.sameTraffic(a.connections, b.connections, path)
      compare(pairs, a, b, tolerance, path.segments)
      self.path = ComparedPath(path)
    }
  }

  /// Whether anything differs.
  public var hasDifferences: Bool {
    let undirected = path?.undirected ?? (a: 0, b: 0)
    // Of what was left out, one more on one side is a difference all the same.
    return !connections.isEmpty || undirected.a + undirected.b > 0
      || omitted.a.connections != omitted.b.connections
  }

  /// Whether all of both captures was compared, so that what does not differ is the same.
  public var isWhole: Bool {
    omitted.a.connections + omitted.b.connections == 0
      && (path == nil || omitted.a.segments + omitted.b.segments == 0)
  }

  /// How many pairs differ, and how many connections one capture alone has.
  public var counts: (differing: Int, onlyInA: Int, onlyInB: Int) {
    (
      connections.count { $0.a != nil && $0.b != nil }, connections.count { $0.b == nil },
      connections.count { $0.a == nil }
    )
  }

  /// How many segments met this.
  public func count(_ kind: SegmentDifference.Kind) -> Int {
    connections.reduce(0) { $0 + $1.segments.count { $0.kind == kind } }
  }

  private mutating func compare(
    _ pairs: [ConnectionPairing.Pair], _ a: CaptureRecording, _ b: CaptureRecording,
    _ tolerance: Tolerance, _ segments: [SegmentDifference]?
  ) {
    var segments = SegmentsByConnection(segments ?? [])
    for pair in pairs {
      let (one, other) = (
        pair.a.map { a.connections[$0] }, pair.b.map { b.connections[$0] }
      )
      var compared = ComparedConnection(a: one, b: other)
      compared.segments = segments.take(one?.number, other?.number)
      if let one, let other {
        self.pairs += 1
        compared.nameSenders(ConnectionComparison.rolesDiffer(one, other))
        if self.mode == .beforeAndAfter || compared.showsBothSides {
          let comparison = ConnectionComparison(one, other, mode, tolerance)
          compared.differences = comparison.differences
          compared.findings = comparison.findings
        }
        guard compared.differs else { continue }
      }
      connections.append(compared)
    }
  }
}

/// A connection that differs between two captures, or that one of them alone has.
public struct ComparedConnection: Sendable {
  /// `nil` where the capture has none that corresponds.
  public var a: ConnectionReport?
  public var b: ConnectionReport?
  public var differences: [ConnectionDifference] = []
  public var findings: [FindingDifference] = []
  /// What happened to its segments on the way, in order of time.
  public var segments: [SegmentDifference] = []

  init(a: ConnectionReport?, b: ConnectionReport?) {
    self.a = a
    self.b = b
  }

  /// Whether what became of the connection shows in both captures: neither lacks all of an end that the
  /// other has, unless the network kept it from there.
  fileprivate var showsBothSides: Bool {
    guard let a, let b else { return false }
    let rolesDiffer = ConnectionComparison.rolesDiffer(a, b)
    let isLacking = Side.allCases.contains { side in
      (a[side].packets == 0) != (b[rolesDiffer ? side.peer : side].packets == 0)
    }
    return !isLacking || segments.contains { $0.kind == .lost || $0.kind == .injected }
  }

  /// Names the senders of what `b` alone has as `a` does.
  fileprivate mutating func nameSenders(_ rolesDiffer: Bool) {
    guard rolesDiffer else { return }
    for index in segments.indices where segments[index].frames.a == nil {
      segments[index].sender = segments[index].sender.peer
    }
  }

  fileprivate var differs: Bool {
    !differences.isEmpty || !findings.isEmpty || !segments.isEmpty
  }
}

/// The way between two places, and what of the captures was not compared.
public struct ComparedPath: Sendable {
  public let delays: PathDelays
  public let properties: PathProperties
  /// Segments of either capture that the other cannot have: it had not begun, had ended, or did not record
  /// that connection or direction.
  public let uncompared: (a: Int, b: Int)
  /// Segments of either capture alone of which nothing tells which way they go, so that they may have been
  /// lost or injected.
  public let undirected: (a: Int, b: Int)
  /// Whether a capture holds many segments twice, so that copies say nothing of the network.
  public let repeatsItself: (a: Bool, b: Bool)

  init(_ path: PathComparison) {
    delays = path.delays
    properties = path.properties
    uncompared = path.uncompared
    undirected = path.undirected
    repeatsItself = path.repeatsItself
  }
}

/// Hands out what happened to segments, connection by connection.
private struct SegmentsByConnection {
  private var inA: [Int: [SegmentDifference]] = [:]
  private var inB: [Int: [SegmentDifference]] = [:]

  init(_ segments: [SegmentDifference]) {
    for segment in segments {
      if let number = segment.connections.a {
        inA[number, default: []].append(segment)
      } else if let number = segment.connections.b {
        inB[number, default: []].append(segment)
      }
    }
  }

  mutating func take(_ a: Int?, _ b: Int?) -> [SegmentDifference] {
    let own = a.flatMap { inA.removeValue(forKey: $0) } ?? []
    let others = b.flatMap { inB.removeValue(forKey: $0) } ?? []
    var all = (own + others).enumerated().sorted { left, right in
      let (one, other) = (left.element.order, right.element.order)
      // Of one segment they stay as they were found.
      return one == other ? left.offset < right.offset : one < other
    }.map(\.element)
    for index in all.indices { all[index].connections = (a, b) }
    return all
  }
}

extension SegmentDifference {
  fileprivate var order: (Timestamp, Int, Int) { (time, frames.a ?? 0, frames.b ?? 0) }
}
