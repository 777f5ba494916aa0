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
  private(set) var delays = PathDelays()
  private(set) var properties = PathProperties()
  private(set) var segments: [SegmentDifference] = []
  /// Segments of either capture that the other cannot have: it had not begun, had ended, or did not
  /// record that direction.
  private(set) var uncompared = (a: 0, b: 0)
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
    for (matchings, travels) in zip(matchings, travels) {
      for (matching, travel) in zip(matchings, travels) {
        if let travel { delays.add(matching.delays, travel) }
      }
    }
    delays.sort()
    inferTravels()
  }

  /// What hop limits tell, which fall, or delays, which are longer than nothing.
  private static func travels(of matchings: [SegmentMatching]) -> [Travel?] {
    var travels = matchings.map { $0.travelByHopLimit }
    let medians = matchings.map { matching in
      let delays = matching.delays
      return delays.isEmpty ? nil : delays[delays.count / 2]
    }
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

  /// Of flows whose segments do not tell: by those of the same hosts, then by the clocks, then by who is
  /// the client.
  private mutating func inferTravels() {
    var byHost: [IPAddress: Int] = [:]
    var byClient = 0
    for flow in flows.indices {
      for direction in 0...1 {
        guard let travel = travels[flow][direction] else { continue }
        let vote = travel == .aToB ? 1 : -1
        byHost[source(of: flow, direction), default: 0] += vote
        if let sender = sender(in: flow, direction) {
          byClient += sender == .client ? vote : -vote
        }
      }
    }
    for flow in flows.indices where travels[flow][0] == nil {
      let (one, other) = (
        byHost[source(of: flow, 0)] ?? 0, byHost[source(of: flow, 1)] ?? 0
      )
      var vote = one - other
      if vote == 0 { vote = clockVote(flow) }
      if vote == 0, let sender = sender(in: flow, 0) {
        vote = sender == .client ? byClient : -byClient
      }
      guard vote != 0 else { continue }
      travels[flow] = vote > 0 ? [.aToB, .bToA] : [.bToA, .aToB]
      for direction in 0...1 {
        if let travel = travels[flow][direction] {
          delays.add(matchings[flow][direction].delays, travel)
        }
      }
    }
    delays.sort()
  }

  /// Which way direction 0 goes as far as the clock offset of other flows tells: positive to `b`.
  private func clockVote(_ flow: Int) -> Int {
    guard let offset = delays.clockOffsetNanoseconds else { return 0 }
    for direction in 0...1 {
      let ahead = matchings[flow][direction].delays
      guard !ahead.isEmpty else { continue }
      return (ahead[ahead.count / 2] > offset) == (direction == 0) ? 1 : -1
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
    delays = PathDelays()
    for flow in flows.indices {
      for direction in 0...1 {
        if let travel = travels[flow][direction] {
          delays.add(matchings[flow][direction].delays, travel)
        }
      }
    }
    delays.sort()
  }

  /// By how much the clock of `b` usually is ahead: in this flow, or where that shows too little, in all.
  func usualAhead(_ flow: Int, _ direction: Int) -> Int64 {
    let own = matchings[flow][direction].delays
    if own.count >= Self.enoughDelays { return own[own.count / 2] }
    guard let travel = travels[flow][direction] else {
      return own.isEmpty ? 0 : own[own.count / 2]
    }
    return delays.anyUsualAhead(travel)
  }

  private static let enoughDelays = 16

  private mutating func findCaptureCopies() {
    var (copies, all) = ((a: 0, b: 0), (a: 0, b: 0))
    for matching in matchings.joined() {
      copies.a += matching.originalInA.count { $0 != nil }
      copies.b += matching.originalInB.count { $0 != nil }
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
          uncompared.a += matching.partnerInB.count { $0 == nil }
          uncompared.b += matching.partnerInA.count { $0 == nil }
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
