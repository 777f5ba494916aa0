import PacketParser

/// One stretch of the way in one direction.
struct Hop: Sendable {
  /// Nanoseconds from one end to the other, and how much more it may be.
  var delay: Int64 = 0
  var jitter: Int64 = 0
  var loss = 0.0
  var duplication = 0.0
  /// How often a segment falls behind those that come after it.
  var reordering = 0.0
  /// Nothing overtakes but by `reordering`: when the last one came out.
  private var last: Int64 = 0

  /// Nothing happens here: the capture is at this end.
  static let none = Hop()

  /// Draws a stretch of at most `longest` nanoseconds, lossless or not.
  init(drawing random: inout Randomness, longest: Int64, isPerfect: Bool) {
    delay = random.number(20_000...longest)
    guard !isPerfect else { return }
    jitter = random.number(0...delay)
    loss = random.pick([0, 0.02, 0.1, 0.3])
    duplication = random.pick([0, 0, 0.02, 0.1])
    reordering = random.pick([0, 0.02, 0.1, 0.2])
  }

  private init() {}

  var isNone: Bool { delay == 0 }

  /// When the copies of a segment come out that goes in at `time`; none if it is lost.
  mutating func pass(at time: Int64, _ random: inout Randomness) -> [Int64] {
    guard !isNone else { return [time] }
    guard !random.chance(loss) else { return [] }
    var times = [arrival(of: time, &random)]
    if random.chance(duplication) {
      times.append(times[0] + random.number(1_000...(random.chance(0.8) ? 5 : 500) * millisecond))
    }
    return times
  }

  private mutating func arrival(of time: Int64, _ random: inout Randomness) -> Int64 {
    let direct = time + delay + (jitter > 0 ? random.number(0...jitter) : 0)
    if random.chance(reordering) { return direct + random.number(0...4 * delay + millisecond) }
    last = max(direct, last + 1_000)
    return last
  }
}

/// Where a capture is taken.
public enum CapturePoint: String, Sendable, CaseIterable {
  case client, server, between
}

/// The way between two ends, with a capture on it: a hop before and a hop after it in each direction.
struct SimulatedNetwork {
  struct Flight {
    var segment: Segment
    var transmission: Int
    var fromClient: Bool
    var time: Int64
    /// The frame that it was captured in, once it has passed the capture.
    var frame: Int?
  }

  private var toServer: (before: Hop, after: Hop)
  private var toClient: (before: Hop, after: Hop)
  private var flights: [Flight] = []
  private var random: Randomness
  private(set) var captured: [CapturedSegment] = []

  init(_ point: CapturePoint, drawing random: inout Randomness) {
    let isPerfect = random.chance(0.3)
    let longest = random.pick([1, 20, 150, 400]) * millisecond
    func hop(_ isThere: Bool, _ random: inout Randomness) -> Hop {
      isThere ? Hop(drawing: &random, longest: longest, isPerfect: isPerfect) : .none
    }
    toServer = (hop(point != .client, &random), hop(point != .server, &random))
    toClient = (hop(point != .server, &random), hop(point != .client, &random))
    self.random = Randomness(seed: random.next())
  }

  private var isCapturing = true

  /// Stops the capture: what has not passed it is gone, and nothing more is sent.
  mutating func endCapture() {
    isCapturing = false
    flights.removeAll { $0.frame == nil }
  }

  /// The capture has ended, and all that is in it has arrived or was lost.
  var isOver: Bool { !isCapturing && flights.isEmpty }

  /// When the next segment gets to where it changes something.
  var next: Int64? { flights.last?.time }

  mutating func send(_ segment: Segment, _ transmission: Int, fromClient: Bool, at time: Int64) {
    guard isCapturing else { return }
    enter(
      Flight(segment: segment, transmission: transmission, fromClient: fromClient, time: time))
  }

  /// Moves the next segment on.
  ///
  /// - Returns: The segment, if it has arrived.
  mutating func advance() -> Flight? {
    guard var flight = flights.popLast() else { return nil }
    if let frame = flight.frame {
      captured[frame - 1].hasArrived = true
      return flight
    }
    flight.frame = capture(flight)
    enter(flight)
    return nil
  }

  /// Sends a flight through the hop before it.
  ///
  /// Where that is none, it goes on at once, so that the order of what an end sends and gets is the
  /// order of its capture.
  private mutating func enter(_ flight: Flight) {
    let times: [Int64]
    switch (flight.fromClient, flight.frame == nil) {
    case (true, true): times = toServer.before.pass(at: flight.time, &random)
    case (true, false): times = toServer.after.pass(at: flight.time, &random)
    case (false, true): times = toClient.before.pass(at: flight.time, &random)
    case (false, false): times = toClient.after.pass(at: flight.time, &random)
    }
    for time in times {
      var other = flight
      other.time = time
      // The latest stands first; among equals, what came first goes first.
      let place = flights.lastIndex { $0.time > time }.map { $0 + 1 } ?? 0
      flights.insert(other, at: place)
    }
  }

  /// - Returns: The frame's number.
  private mutating func capture(_ flight: Flight) -> Int {
    var segment = flight.segment
    segment.frame = captured.count + 1
    // A capture's clock tells any two frames apart.
    let earliest = (captured.last?.segment.time.nanoseconds ?? 0) + 5_000
    segment.time = Timestamp(nanoseconds: max(flight.time, earliest))
    captured.append(
      CapturedSegment(
        segment: segment, transmission: flight.transmission, fromClient: flight.fromClient))
    return segment.frame
  }
}
