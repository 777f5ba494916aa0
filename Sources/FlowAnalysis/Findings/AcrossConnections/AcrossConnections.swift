import FlowTracker
import PacketParser

/// Looks at connections, each once it is decided what it counts as, for what none of them shows alone.
///
/// Memory does not grow with the capture: so many hosts are followed at a time, and of those that are
/// remarkable there is a limit too. Ordinary connections cost it a look at whether anybody is followed.
struct AcrossConnections: ~Copyable {
  /// So many scans are told, floods, hosts of any other kind; of what goes beyond, the number.
  static let toldLimit = 128

  /// Handshakes that came to an end, by their server's port; connections that were used, and different
  /// targets that were tried in vain, by their client.
  private var finished = RecentCounts(spanNanoseconds: HandshakesOfPort.sliceNanoseconds)
  private var used = RecentCounts(spanNanoseconds: RecentTargets.burst)
  private var failed = RecentCounts(spanNanoseconds: RecentTargets.burst)
  private var recent = HostTable<RecentTargets>(limit: 2_048)
  private var series: [ProbeSeries] = []
  private var handshakes = HostTable<HandshakesOfPort>(limit: 256)
  private var checksums = HostTable<ChecksumTally>(limit: 512)
  private var illegal = HostTable<IllegalSegments>(limit: 512)
  private var latestSequences = LatestSequences()
  private var sequences = HostTable<InitialSequences>(limit: 512)
  private var stalled = HostTable<StalledConnections>(limit: 256)
  /// Scans beyond the limit.
  private var untold = 0
  /// Somebody is followed, whom ordinary connections may exonerate.
  private var isFollowing = false

  /// Takes in a connection that is over, in brief.
  ///
  /// - Returns: Whether more of it must be known.
  @inline(__always)
  mutating func note(
    _ brief: ConnectionBrief, _ ends: (client: SocketAddress, server: SocketAddress)
  ) -> Bool {
    count(brief, ends)
    return concerns(brief, ends)
  }

  /// Whether more of a connection must be known.
  @inline(__always)
  func concerns(
    _ brief: ConnectionBrief, _ ends: (client: SocketAddress, server: SocketAddress)
  ) -> Bool {
    !brief.isOrdinary || brief.isUnused || brief.leavesChecksums
      || isFollowing && follows(ends.client, ends.server)
  }

  /// Whether what one of the ends did before is held against it.
  private func follows(_ client: SocketAddress, _ server: SocketAddress) -> Bool {
    recent.place(of: HostKey(client.address, detail: UInt16(Behaviour.opens.rawValue))) != nil
      || handshakes.place(of: HostKey(server)) != nil
      || checksums.place(of: HostKey(client.address)) != nil
      || checksums.place(of: HostKey(server.address)) != nil
  }

  /// Counts a connection in favour of its ends.
  @inline(__always)
  private mutating func count(
    _ brief: ConnectionBrief, _ ends: (client: SocketAddress, server: SocketAddress)
  ) {
    switch brief.handshake {
    case .complete:
      if !brief.isUnused || brief.close == .open { countUse(by: ends.client, at: brief.began) }
    case .refused, .aborted, .rejected: break
    case .halfOpen, .unanswered, .unseen: return
    }
    countHandshake(with: ends.server, at: brief.began)
  }

  /// Counts a handshake that came to an end, whichever.
  @inline(__always)
  mutating func countHandshake(with server: SocketAddress, at time: Timestamp) {
    finished.count(HostKey(server).hash, at: time)
  }

  /// Counts a connection that was put to use.
  @inline(__always)
  mutating func countUse(by client: SocketAddress, at time: Timestamp) {
    used.count(HostKey(client.address).hash, at: time)
  }

  /// Takes in a connection that is over; the capture has come to `until`.
  mutating func note(_ outline: inout ConnectionOutline, until: Timestamp) {
    // Whoever takes part in a flood is forged, or has no time for a scan.
    if !noteHandshake(&outline, until), let probe = Probe(&outline, until: until) {
      note(probe, until)
    }
    if !checksums.isEmpty || outline.hasOddChecksums {
      noteChecksums(&outline, .client)
      noteChecksums(&outline, .server)
    }
    isFollowing = !recent.isEmpty || !handshakes.isEmpty || !checksums.isEmpty
  }

  /// Takes in a connection, alive or over, whose client has kept its window shut for long.
  ///
  /// - Returns: Whether it is one.
  @discardableResult
  mutating func noteStalled(_ outline: inout ConnectionOutline, isAlive: Bool = false) -> Bool {
    guard outline.client.shutNanoseconds >= StalledConnections.shortest else { return false }
    if let place = stalled.makePlace(for: HostKey(outline.client.socket.address)) {
      stalled.weigh(place)
      stalled.records[place].note(&outline, isAlive: isAlive)
    }
    return true
  }

  /// One that `noteStalled` has taken in alive is over.
  mutating func endStalled(_ outline: inout ConnectionOutline) {
    guard let place = stalled.place(of: HostKey(outline.client.socket.address)) else { return }
    stalled.records[place].end(&outline)
  }

  /// Takes in a segment whose flags are illegal.
  @inline(never)
  mutating func noteIllegal(_ segment: borrowing Segment) {
    guard let place = illegal.makePlace(for: HostKey(segment.source.address)) else { return }
    illegal.weigh(place)
    illegal.records[place].note(segment)
  }

  /// Takes in a segment with SYN, which is `inout` for speed alone.
  ///
  /// - Returns: Whether there may be anything to say of it.
  @inline(__always) @discardableResult
  mutating func noteOpening(_ segment: inout Segment) -> Bool {
    let host = HostKey(segment.source.address)
    guard latestSequences.note(&segment, ofHost: host.hash) else { return false }
    noteNear(&segment, host)
    return true
  }

  @inline(never)
  private mutating func noteNear(_ segment: inout Segment, _ host: HostKey) {
    guard let place = sequences.makePlace(for: host) else { return }
    sequences.weigh(place)
    sequences.records[place].note(&segment)
    if sequences.records[place].areGuessable { sequences.pin(place) }
  }

  private mutating func note(_ probe: Probe, _ until: Timestamp) {
    let key = HostKey(probe.source.address, detail: UInt16(probe.behaviour.rawValue))
    // Who has not failed is not followed.
    let known = probe.reply == .used ? recent.place(of: key) : recent.makePlace(for: key)
    guard let place = known else { return }
    if recent.records[place].series >= 0 {
      if recent.records[place].series < series.count {
        series[recent.records[place].series].note(probe)
      }
      return
    }
    guard recent.records[place].note(probe), probe.reply != .used else { return }
    recent.weigh(place)
    let source = HostKey(probe.source.address).hash
    if probe.behaviour == .opens { failed.count(source, at: probe.mark.time) }
    guard let beginning = recent.records[place].beginning() else { return }
    var begun = ProbeSeries(beginning)
    if probe.behaviour == .opens {
      let start = begun.first.time
      begun.setOthers(
        used: used.sum(source, from: start, to: until),
        failed: failed.sum(source, from: start, to: until))
      guard begun.hasMostlyFailed else { return }
    }
    recent.pin(place)
    if series.count < Self.toldLimit {
      recent.records[place].series = series.count
      series.append(begun)
    } else {
      recent.records[place].series = .max
      untold += 1
    }
  }

  /// - Returns: Whether it is one of very many that nobody completes.
  private mutating func noteHandshake(
    _ outline: inout ConnectionOutline, _ until: Timestamp
  ) -> Bool {
    guard outline.rolesEvidence == .syn else { return false }
    let server = outline.server.socket
    let key = HostKey(server)
    if outline.isUncompleted {
      guard let place = handshakes.makePlace(for: key) else { return false }
      handshakes.weigh(place)
      let began = outline.first.time
      if handshakes.records[place].isFirst(at: began) {
        let count = finished.sum(key.hash, from: began, to: began)
        handshakes.records[place].setOthers(count, at: began)
      }
      return handshakes.records[place].noteUncompleted(&outline, until: until)
    }
    if let place = handshakes.place(of: key) {
      handshakes.records[place].noteOther(at: outline.first.time)
    }
    return false
  }

  private mutating func noteChecksums(_ outline: inout ConnectionOutline, _ side: Side) {
    let end = outline[side]
    guard end.packets > 0 else { return }
    let key = HostKey(end.socket.address)
    let isRemarkable = end.checksums.contains(.offloaded) || end.wrongChecksums > 0
    guard let place = isRemarkable ? checksums.makePlace(for: key) : checksums.place(of: key) else {
      return
    }
    if isRemarkable { checksums.weigh(place) }
    checksums.records[place].note(&outline, side)
  }

  /// Whether what a finding rests on is still known, so that it would be found again if it is so still.
  func remembers(_ finding: CaptureFinding) -> Bool {
    guard let host = finding.sources.addresses.first else { return true }
    return switch finding.rule.id {
    case CaptureRules.synFlood.id:
      finding.floodTarget.map { handshakes.place(of: HostKey($0)) != nil } ?? true
    case CaptureRules.illegalFlags.id: illegal.place(of: HostKey(host)) != nil
    case CaptureRules.isnPredictable.id: sequences.place(of: HostKey(host)) != nil
    case CaptureRules.slowDrain.id: stalled.place(of: HostKey(host)) != nil
    case CaptureRules.checksumOffloaded.id: checksums.place(of: HostKey(host)) != nil
    default: true
    }
  }

  /// All that there is to say, and what others have found, the worst first; and how much is left out.
  func findings(beside others: [CaptureFinding]) -> (told: [CaptureFinding], untold: Int) {
    var found = series.map(\.finding) + others
    let scanned = Set(series.filter { $0.behaviour == .null }.map(\.source))
    for (key, place) in handshakes.places {
      let target = SocketAddress(address: key.address, port: key.detail)
      found.append(handshakes.records[place].finding(target: target))
    }
    let scanners = Set(series.filter { $0.behaviour == .opens }.map(\.source))
    for (key, place) in sequences.places where !scanners.contains(key.address) {
      found.append(sequences.records[place].finding(host: key.address))
    }
    for (key, place) in stalled.places {
      found.append(stalled.records[place].finding(source: key.address))
    }
    for (key, place) in illegal.places {
      let hasScanned = scanned.contains(key.address)
      found.append(illegal.records[place].finding(source: key.address, hasScanned: hasScanned))
    }
    for (key, place) in checksums.places {
      found.append(checksums.records[place].finding(host: key.address))
    }
    let order = CaptureRules.all.map(\.id)
    let sorted = found.compactMap { $0 }.enumerated().sorted { one, other in
      let (left, right) = (one.element, other.element)
      if left.severity != right.severity { return left.severity > right.severity }
      if left.rule.id != right.rule.id {
        return (order.firstIndex(of: left.rule.id) ?? 0)
          < (order.firstIndex(of: right.rule.id) ?? 0)
      }
      if left.first.time != right.first.time { return left.first.time < right.first.time }
      if left.first.frame != right.first.frame { return left.first.frame < right.first.frame }
      return one.offset < other.offset
    }.map(\.element)
    var counts: [String: Int] = [:]
    let told = sorted.filter {
      counts[$0.rule.id, default: 0] += 1
      return counts[$0.rule.id, default: 0] <= Self.toldLimit
    }
    return (told, untold + sorted.count - told.count)
  }
}
