public import PacketParser

/// Two endpoints, a network and a capture, all drawn from one seed; and what truly happened.
///
/// Each seed is a conversation of its own kind: who opens and who closes, by FIN or RST, in which
/// order, over a network good or bad.
public struct Conversation: Sendable {
  public let seed: UInt64
  public let point: CapturePoint
  /// The sockets of the client and the server.
  public let ends: [SocketAddress]
  /// What the capture holds.
  public private(set) var captured: [CapturedSegment] = []
  /// The states that the client and the server went through.
  public private(set) var truth: [[TrueTransition]] = []

  public var segments: [Segment] { captured.map(\.segment) }

  /// Holds the conversation that `seed` stands for.
  public init(seed: UInt64) {
    var random = Randomness(seed: seed)
    self.seed = seed
    point = random.pick(CapturePoint.allCases)
    var course = Course(drawing: &random, point)
    ends = [course.client.own, course.server.own]
    course.run()
    captured = course.network.captured
    truth = [course.client.truth, course.server.truth]
  }

  /// The frame that shows what `cause` is: of a segment that was sent, the first capture of it.
  public func frame(of cause: Cause?) -> Int? {
    switch cause {
    case nil: nil
    case .arrival(let frame): frame
    case .sending(let transmission):
      captured.first { $0.transmission == transmission }?.segment.frame
    }
  }
}

/// A conversation while it is held.
private struct Course {
  var client: SimulatedEndpoint
  var server: SimulatedEndpoint
  var network: SimulatedNetwork
  private var clientPlan: ApplicationPlan
  private var serverPlan: ApplicationPlan
  private var random: Randomness
  /// When an end opens actively.
  private var openings: [(time: Int64, isClient: Bool)] = []
  /// When the client's application loses patience with connect().
  private var cancellation: Int64?

  init(drawing random: inout Randomness, _ point: CapturePoint) {
    let version = random.chance(0.7) ? IPVersion.v4 : .v6
    let ends = [
      SocketAddress(address: Self.address(1, version), port: UInt16(random.number(32768...60999))),
      SocketAddress(address: Self.address(2, version), port: 80),
    ]
    var clientHabits = EndpointHabits(drawing: &random)
    var serverHabits = EndpointHabits(drawing: &random)
    network = SimulatedNetwork(point, drawing: &random)
    clientPlan = ApplicationPlan(drawing: &random)
    serverPlan = ApplicationPlan(drawing: &random)

    let start: Int64 = 1_700_000_000 * second + random.number(0...second)
    openings.append((start, true))
    serverHabits.isListening = true
    switch random.number(0...19) {
    case 0: serverHabits.isListening = false
    case 1:
      serverHabits.isListening = false
      let distance = random.number(-50...50) * millisecond
      openings.append((start + distance + 50 * millisecond, false))
      openings[0].time += 50 * millisecond
    case 2: serverHabits.ignoredSYNs = Int(random.number(1...4))
    case 3, 4:
      clientHabits.usesFastOpen = true
      serverHabits.usesFastOpen = random.chance(0.7)
    case 5: cancellation = start + random.number(0...3000) * millisecond
    default: break
    }
    // The tuple is used again: at once, in TIME-WAIT, or after it.
    if random.chance(0.1) {
      let pause = random.pick([1, 5, 30, 90].map { $0 * second })
      openings.append((start + pause + random.number(0...second), true))
    }
    client = SimulatedEndpoint(
      own: ends[0], peer: ends[1], habits: clientHabits, isClient: true,
      random: Randomness(seed: random.next()))
    server = SimulatedEndpoint(
      own: ends[1], peer: ends[0], habits: serverHabits, isClient: false,
      random: Randomness(seed: random.next()))
    self.random = Randomness(seed: random.next())
    openings.sort { $0.time < $1.time }
  }

  /// Addresses that are kept for documentation (RFC 5737, RFC 3849).
  private static func address(_ host: UInt32, _ version: IPVersion) -> IPAddress {
    switch version {
    case .v4: IPAddress(v4: 0xc000_0200 + host)
    case .v6: IPAddress(v6: 0x2001_0db8_0000_0000, UInt64(host))
    }
  }

  /// Lets one thing happen after the other until nothing is left to happen, or the capture is full.
  ///
  /// What is in the capture then gets to where it was going; what it causes is another story.
  mutating func run() {
    while true {
      if network.captured.count >= Self.longestCapture { network.endCapture() }
      clientPlan.follow(client)
      serverPlan.follow(server)
      let moments = [
        network.next, client.nextTimer, server.nextTimer, openings.first?.time, cancellation,
        clientPlan.next, serverPlan.next,
      ]
      guard let (event, now) = Self.first(of: moments), !network.isOver else { return }
      switch event {
      case 0:
        guard let flight = network.advance(), let frame = flight.frame else { break }
        if flight.fromClient {
          server.take(flight.segment, frame: frame, at: now)
        } else {
          client.take(flight.segment, frame: frame, at: now)
        }
      case 1: client.runTimers(at: now)
      case 2: server.runTimers(at: now)
      case 3: open(at: now)
      case 4:
        cancellation = nil
        client.cancelOpening(at: now)
      case 5: clientPlan.act(&client, at: now)
      default: serverPlan.act(&server, at: now)
      }
      deliver(at: now)
    }
  }

  private static let longestCapture = 200

  private static func first(of moments: [Int64?]) -> (event: Int, time: Int64)? {
    var first: (event: Int, time: Int64)?
    for case (let event, let time?) in moments.enumerated() where time < first?.time ?? .max {
      first = (event, time)
    }
    return first
  }

  private mutating func open(at now: Int64) {
    let isClient = openings.removeFirst().isClient
    let state = isClient ? client.state : server.state
    guard state == .closed || state == .timeWait else { return }
    var sequence = UInt32.random(in: 0 ... .max, using: &random)
    if random.chance(0.1) { sequence = .max &- UInt32(random.number(0...2000)) }
    let length = UInt32(random.number(1...500))
    if isClient {
      client.open(initialSequence: SequenceNumber(sequence), writing: length, at: now)
    } else {
      server.open(initialSequence: SequenceNumber(sequence), writing: 0, at: now)
    }
  }

  private mutating func deliver(at now: Int64) {
    for (segment, transmission) in client.outbox {
      network.send(segment, transmission, fromClient: true, at: now)
    }
    for (segment, transmission) in server.outbox {
      network.send(segment, transmission, fromClient: false, at: now)
    }
    client.outbox = []
    server.outbox = []
  }
}

/// What one application does, one act after the other, once its connection is open.
private struct ApplicationPlan: Sendable {
  private var acts: [(pause: Int64, act: ApplicationAct)] = []
  private(set) var next: Int64?
  private var isWaitingForEnd = false
  private let all: [(pause: Int64, act: ApplicationAct)]

  init(drawing random: inout Randomness) {
    var acts: [(Int64, ApplicationAct)] = []
    func add(_ act: ApplicationAct, _ random: inout Randomness) {
      let scale = random.pick([millisecond, 30 * millisecond, second])
      acts.append((random.number(0...scale), act))
    }
    for _ in 0..<random.number(0...4) {
      add(.write(UInt32(random.number(1...3000))), &random)
      if random.chance(0.05) {
        add(.stopReading, &random)
        if random.chance(0.8) { add(.resumeReading, &random) }
      }
    }
    switch random.number(0...19) {
    case 0...6: add(.close, &random)
    case 7...13:
      add(.awaitEnd, &random)
      if random.chance(0.3) { add(.write(UInt32(random.number(1...3000))), &random) }
      add(.close, &random)
    case 14...16:
      add(.shutdown, &random)
      add(.awaitEnd, &random)
      add(.close, &random)
    case 17: add(.abort, &random)
    case 18: add(.restart, &random)
    default: break
    }
    all = acts
  }

  /// Looks whether the plan can go on.
  mutating func follow(_ endpoint: SimulatedEndpoint) {
    if endpoint.state == .closed || endpoint.state == .listen || endpoint.state == .synSent {
      // The next connection of the socket begins from the start.
      (acts, next, isWaitingForEnd) = (all, nil, false)
    } else if next == nil, endpoint.isOpen, let first = acts.first {
      isWaitingForEnd = if case .awaitEnd = first.act { true } else { false }
      if !isWaitingForEnd || endpoint.hasReachedEnd { next = endpoint.now + first.pause }
    }
  }

  mutating func act(_ endpoint: inout SimulatedEndpoint, at now: Int64) {
    next = nil
    endpoint.perform(acts.removeFirst().act, at: now)
  }
}
