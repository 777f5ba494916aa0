import FlowTracker
import PacketParser

/// Two captures of the same traffic at two places of its path: what happened between them.
struct PathComparison {
  let a: CaptureRecording
  let b: CaptureRecording
  private let tolerance: Tolerance

  private(set) var flows: [FlowPair]
  /// Of the flows that both captures have, for the directions of `a`.
  private(set) var matchings: [[SegmentMatching]] = []
  /// Where the segments of a flow go, by direction in `a`, or in `b` where `a` has none of it.
  private(set) var travels: [[Travel?]] = []
  private var drift = ClockDrift.none
  private(set) var delays = PathDelays()
  private(set) var properties = PathProperties()
  private(set) var segments: [SegmentDifference] = []
  /// Segments of either capture that the other cannot have: it had not begun, had ended, or did not
  /// record that direction.
  private(set) var uncompared = (a: 0, b: 0)
  /// Segments of either capture alone of which nothing tells which way they go.
  private(set) var undirected = (a: 0, b: 0)
  /// Whether a capture holds many segments twice: it was taken on several interfaces.
  private(set) var repeatsItself = (a: false, b: false)

  init(_ a: CaptureRecording, _ b: CaptureRecording, _ tolerance: Tolerance) {
    self.a = a
    self.b = b
    self.tolerance = tolerance
    flows = FlowPairing.pairs(a, b)
    matchings = flows.map { Self.matchings(of: $0, a, b) }
    for flow in flows {
      guard let one = flow.a, let other = flow.b else { continue }
      properties.noteAddresses(a.flows[one].ends, b.flows[other].ends, isSwapped: flow.isSwapped)
    }
    findTravels()
    complete()
    findCaptureCopies()
    tellFates()
    properties.finish()
  }

  private static func matchings(
    of flow: FlowPair, _ a: CaptureRecording, _ b: CaptureRecording
  ) -> [SegmentMatching] {
    (0...1).map { direction in
      SegmentMatching(
        flow.a.map { a.flows[$0].segments[direction] } ?? [],
        flow.b.map {
          b.flows[$0].segments[flow.a == nil ? direction : flow.directionInB(direction)]
        } ?? [])
    }
  }

  // MARK: - Where segments go

  private mutating func findTravels() {
    travels = matchings.map { Self.travels(of: $0) }
    sumUpDelays()
    inferTravels()
  }

  /// What hop limits tell, which fall, or delays, which are longer than nothing.
  private static func travels(of matchings: [SegmentMatching]) -> [Travel?] {
    var travels = matchings.map { $0.travelByHopLimit }
    let medians = matchings.map { $0.usualAhead(nil) }
    if travels[0] == nil, travels[1] == nil, let one = medians[0], let other = medians[1],
      one != other
    {
      travels[0] = one > other ? .aToB : .bToA
    }
    // What comes back goes the other way.
    if travels[0] == travels[1] { travels[1] = travels[0]?.back }
    travels[0] = travels[0] ?? travels[1]?.back
    travels[1] = travels[1] ?? travels[0]?.back
    return travels
  }

  /// Of flows whose segments do not tell where they go: what others do, and where there are none, the clocks
  /// as if they agreed.
  private mutating func inferTravels() {
    agreeWithHosts()
    settle(by: votesOfOthers())
    settle { path, flow in path.clockVote(flow, offset: 0) }
    settle(by: votesOfOthers())
    correctDrift()
    sumUpDelays()
  }

  private mutating func correctDrift() {
    var samples = ClockDrift.Samples()
    for (matchings, travels) in zip(matchings, travels) {
      for (matching, travel) in zip(matchings, travels) {
        if let travel { samples.add(matching, travel) }
      }
    }
    drift = ClockDrift(samples)
    guard drift.gain != 0 else { return }
    for flow in matchings.indices {
      for direction in 0...1 { matchings[flow][direction].correct(drift) }
    }
  }

  private mutating func sumUpDelays() {
    delays = PathDelays()
    for (matchings, travels) in zip(matchings, travels) {
      for (matching, travel) in zip(matchings, travels) {
        if let travel { delays.add(matching.delays, travel) }
      }
    }
    delays.sort()
    delays.driftPartsPerMillion = drift.gain * 1_000_000
  }

  /// Where the way is short, the delays of a single flow may seem to say the contrary of all others: what
  /// a host sends comes from one side.
  private mutating func agreeWithHosts() {
    let votes = votesByHost()
    for flow in flows.indices where travels[flow][0] != nil {
      let vote = hostVote(flow, votes)
      if vote != 0 { direct(flow, by: vote) }
    }
    sumUpDelays()
  }

  /// For each host, how many segments of it went to `b`, less those that came from there; of a flow that
  /// shows nothing else, one.
  private func votesByHost() -> [IPAddress: Int] {
    var votes: [IPAddress: Int] = [:]
    for flow in flows.indices {
      for direction in 0...1 {
        guard let travel = travels[flow][direction] else { continue }
        let weight = max(1, matchings[flow][direction].pairCount)
        votes[source(of: flow, direction), default: 0] += travel == .aToB ? weight : -weight
      }
    }
    return votes
  }

  private func hostVote(_ flow: Int, _ votes: [IPAddress: Int]) -> Int {
    (votes[source(of: flow, 0)] ?? 0) - (votes[source(of: flow, 1)] ?? 0)
  }

  private mutating func direct(_ flow: Int, by vote: Int) {
    travels[flow] = vote > 0 ? [.aToB, .bToA] : [.bToA, .aToB]
  }

  private mutating func settle(by vote: (PathComparison, Int) -> Int) {
    for flow in flows.indices where travels[flow][0] == nil {
      let vote = vote(self, flow)
      if vote != 0 { direct(flow, by: vote) }
    }
  }

  /// Votes on where direction 0 of a flow goes, positive to `b`: of the same hosts, of the clocks, of who
  /// is the client elsewhere.
  private func votesOfOthers() -> (PathComparison, Int) -> Int {
    var byClient = 0
    for flow in flows.indices {
      for direction in 0...1 {
        guard let travel = travels[flow][direction] else { continue }
        let vote = travel == .aToB ? 1 : -1
        if let sender = sender(in: flow, direction) {
          byClient += sender == .client ? vote : -vote
        }
      }
    }
    let (hosts, clients, offset) = (votesByHost(), byClient, delays.clockOffsetNanoseconds)
    return { path, flow in
      let byHost = path.hostVote(flow, hosts)
      if byHost != 0 { return byHost }
      if let offset, case let vote = path.clockVote(flow, offset: offset), vote != 0 { return vote }
      return path.sender(in: flow, 0) == .client ? clients : -clients
    }
  }

  /// Which way direction 0 goes if the clock of `b` is so much ahead.
  private func clockVote(_ flow: Int, offset: Int64) -> Int {
    for (matching, sign) in zip(matchings[flow], [1, -1]) {
      guard let ahead = matching.usualAhead(nil) else { continue }
      // Clocks that differ by more than a second do not agree, nor does any way take so long.
      return abs(ahead - offset) < 1_000_000_000 ? Int((ahead - offset).signum()) * sign : 0
    }
    return 0
  }

  private func source(of flow: Int, _ direction: Int) -> IPAddress {
    ends(of: flow).source(of: direction).address
  }

  private func ends(of flow: Int) -> SocketPair {
    if let index = flows[flow].a { return a.flows[index].ends }
    guard let index = flows[flow].b else { preconditionFailure("a flow is of some capture") }
    return b.flows[index].ends
  }

  private func sender(in flow: Int, _ direction: Int) -> Side? {
    for index in [direction, 1 - direction] {
      let matching = matchings[flow][index]
      if let segment = matching.a.first ?? matching.b.first {
        return index == direction ? segment.sender : segment.sender.peer
      }
    }
    return nil
  }

  // MARK: - The same segments

  private mutating func complete() {
    for flow in flows.indices where flows[flow].a != nil && flows[flow].b != nil {
      for direction in 0...1 {
        matchings[flow][direction].complete(usual: usualAhead(flow, direction))
      }
    }
    // What was found since may be all there is.
    sumUpDelays()
  }

  /// By how much the clock of `b` usually is ahead: in this flow, or where that shows too little, in all.
  func usualAhead(_ flow: Int, _ direction: Int) -> Int64 {
    let matching = matchings[flow][direction]
    let travel = travels[flow][direction]
    if travel == nil || matching.pairCount >= Self.enoughDelays {
      return matching.usualAhead(travel) ?? 0
    }
    return travel.map { delays.anyUsualAhead($0) } ?? 0
  }

  private static let enoughDelays = 4

  private mutating func findCaptureCopies() {
    var (copies, all) = ((a: 0, b: 0), (a: 0, b: 0))
    for matching in matchings.joined() {
      copies.a += matching.originalInA.count(of: true)
      copies.b += matching.originalInB.count(of: true)
      all.a += matching.a.count
      all.b += matching.b.count
    }
    // A network that doubles a third of all it carries would hardly be in use.
    repeatsItself = (copies.a * 3 > all.a, copies.b * 3 > all.b)
  }

  // MARK: - What became of them

  private mutating func tellFates() {
    let reach = CaptureReach(of: self)
    for flow in flows.indices {
      let hasBoth = flows[flow].a != nil && flows[flow].b != nil
      for direction in 0...1 {
        guard let travel = travels[flow][direction] else {
          let matching = matchings[flow][direction]
          let (inA, inB) = (
            matching.partnerInB.count(of: false), matching.partnerInA.count(of: false)
          )
          if hasBoth, matching.a.isEmpty || matching.b.isEmpty {
            uncompared = (uncompared.a + inA, uncompared.b + inB)
          } else {
            undirected = (undirected.a + inA, undirected.b + inB)
            if hasBoth { tellUndirected(flow, direction, within: reach) }
          }
          properties.noteCommon(matching.partnerInB.count(of: true))
          continue
        }
        var fates = SegmentFates(
          of: matchings[flow][direction], beside: matchings[flow][1 - direction], travel,
          usual: usualAhead(flow, direction), isInBoth: hasBoth)
        fates.ignoresCopies = travel == .aToB ? repeatsItself.b : repeatsItself.a
        fates.tell(within: reach, usually: delays.usualNanoseconds(travel) ?? 0, tolerance)
        segments += fates.differences
        uncompared.a += fates.uncompared.a
        uncompared.b += fates.uncompared.b
        properties.noteResegmented(fates.resegmented)
        properties.noteShiftedConnections(direction == 0 ? fates.shiftedConnections : 0)
        fates.describe(&properties)
      }
    }
  }
}

extension PathComparison {
  /// Tells of segments of which nothing says which way they went what is so either way: those that were
  /// altered, came twice, late or in another order.
  private mutating func tellUndirected(
    _ flow: Int, _ direction: Int, within reach: CaptureReach
  ) {
    var fates = SegmentFates(
      of: matchings[flow][direction], beside: matchings[flow][1 - direction], .aToB,
      usual: usualAhead(flow, direction), isInBoth: true)
    fates.ignoresCopies = repeatsItself.a || repeatsItself.b
    fates.tell(within: reach, usually: 0, tolerance)
    segments += fates.differences.filter { difference in
      switch difference.kind {
      case .lost, .injected, .missed: false
      case .duplicated, .reordered, .delayed, .altered: true
      }
    }
  }
}

extension SegmentMatching {
  /// Routers take one off at each hop (RFC 791 §3.2, RFC 8200 §3); what most segments say.
  fileprivate var travelByHopLimit: Travel? {
    var vote = 0
    for index in a.indices {
      guard let partner = partnerInB[index] else { continue }
      let (one, other) = (a[index].hopLimit, b[partner].hopLimit)
      vote += one > other ? 1 : one < other ? -1 : 0
    }
    return vote == 0 ? nil : vote > 0 ? .aToB : .bToA
  }
}
