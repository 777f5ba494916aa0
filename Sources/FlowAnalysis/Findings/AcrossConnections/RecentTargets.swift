import FlowTracker
import PacketParser

/// The latest different targets of one host's probes, exactly.
struct RecentTargets: HostRecord, BitwiseCopyable {
  static let limit = 16
  /// From the first to the last of a burst, in nanoseconds.
  static let burst: Int64 = 60_000_000_000

  private var probes = InlineArray<16, Probe?>(repeating: nil)
  private var next = 0
  /// The number of the `ProbeSeries` that grew from them; -1 where none has.
  var series = -1

  /// Remembers a probe.
  ///
  /// - Returns: Whether its target is new among them.
  mutating func note(_ probe: Probe) -> Bool {
    for index in 0..<Self.limit {
      guard let known = probes[index] else { break }
      guard known.target == probe.target else { continue }
      // What was refused once and worked then is no scan.
      if probe.reply == .used { probes[index] = probe }
      return false
    }
    probes[next] = probe
    next = (next + 1) % Self.limit
    return true
  }

  /// The probes of a minute, if they are enough of one kind: the beginning of a scan, or of what else is
  /// done to many.
  ///
  /// Four in five have failed. Those of one host to many ports, or of many hosts to few ports, are a
  /// scan; programs whose peers are gone try as many ports as hosts, and so does a scanner that mixes
  /// them, whose SYNs give it away.
  ///
  /// It changes nothing, and is `mutating` so that it is passed by its address.
  mutating func beginning() -> [Probe]? {
    // They fill their places in order.
    var count = 0
    while count < Self.limit, probes[count]?.mark != nil { count += 1 }
    guard let behaviour = probes[0]?.behaviour, count >= behaviour.threshold else { return nil }
    for start in 0..<count {
      guard let first = probes[start] else { continue }
      var (all, failed) = (0, 0)
      for index in 0..<count {
        guard let probe = probes[index], probe.follows(first) else { continue }
        all += 1
        if probe.reply != .used { failed += 1 }
      }
      guard all >= behaviour.threshold, failed * 5 >= all * 4 else { continue }
      var group: [Probe] = []
      for index in 0..<count {
        if let probe = probes[index], probe.follows(first) { group.append(probe) }
      }
      if Self.areOfOneMind(group.filter { $0.reply != .used }) { return group }
    }
    return nil
  }

  private static func areOfOneMind(_ failed: [Probe]) -> Bool {
    let behaviour = failed[0].behaviour
    if behaviour.needsOnePort {
      return failed.allSatisfy { $0.source.port == failed[0].source.port }
    }
    guard behaviour == .opens, !failed.allSatisfy(\.isCrafted) else { return true }
    let hosts = Set(failed.map(\.target.address)).count
    let ports = Set(failed.map(\.target.port)).count
    return min(hosts, ports) * 2 <= failed.count
  }
}

extension Probe {
  /// Whether it was sent within a minute from the other one on.
  fileprivate func follows(_ other: Probe) -> Bool {
    (0...RecentTargets.burst).contains(mark.time.nanoseconds(since: other.mark.time))
  }
}
