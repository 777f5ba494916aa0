import FlowTracker
import PacketParser

/// All probes of one kind from one host, since there were enough of them to be remarkable.
struct ProbeSeries {
  private static let namedOpen = 16
  private static let namedConnections = 8

  let behaviour: Behaviour
  let source: IPAddress
  let sourcePort: UInt16
  private(set) var first: FrameMark
  private(set) var last: FrameMark
  /// Probes, those not included whose connections were put to use.
  private(set) var attempts = 0
  private(set) var used = 0
  /// Probes that came just before and are known by their number alone.
  private var forgotten = 0
  private(set) var crafted = 0
  private(set) var aborted = 0
  private(set) var targets = TargetCounts()
  private(set) var open: [SocketAddress] = []
  private(set) var connections: [Int] = []
  private(set) var frames: [Int] = []
  /// Different targets, by `Reply`.
  private var replies = [DistinctCount](repeating: DistinctCount(), count: 4)

  init(_ probes: [Probe]) {
    behaviour = probes[0].behaviour
    source = probes[0].source.address
    sourcePort = probes[0].source.port
    first = probes[0].mark
    last = first
    for probe in probes { note(probe) }
  }

  mutating func note(_ probe: Probe) {
    guard probe.reply != .used else {
      used += 1
      return
    }
    attempts += 1
    if probe.isCrafted { crafted += 1 }
    if probe.isAborted { aborted += 1 }
    if probe.mark.time < first.time { first = probe.mark }
    if probe.mark.time > last.time { last = probe.mark }
    targets.insert(probe.target)
    replies[Int(probe.reply.rawValue)].insert(HostKey(probe.target).hash)
    if probe.reply == .open, open.count < Self.namedOpen, !open.contains(probe.target) {
      open.append(probe.target)
    }
    if connections.count < Self.namedConnections {
      connections.append(probe.connection)
      frames.append(probe.mark.frame)
    }
  }

  /// So many connections were put to use, and so many probes failed, those of its beginning included.
  mutating func setOthers(used: Int, failed: Int) {
    self.used = max(self.used, used)
    forgotten = max(0, failed - attempts)
  }

  /// How many targets gave this reply.
  subscript(reply: Reply) -> Int { reply == .used ? used : replies[Int(reply.rawValue)].count }

  /// The source has not opened so many connections in good order that what failed is no scan.
  var hasMostlyFailed: Bool { attempts + forgotten >= 4 * used }

  /// Many hosts, and few ports of each.
  var isHorizontal: Bool {
    let hosts = targets.hosts.count
    return hosts >= Behaviour.opens.threshold && hosts >= 2 * targets.ports.count
  }
}
