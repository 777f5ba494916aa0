public import PacketParser

/// All connections that are alive, and the way from a segment to its own.
///
///     var table = ConnectionTable()
///     let step = table.ingest(segment)        // what it did
///     while let id = table.takeEnded() {      // what it ended
///       report(table[id])
///       table.release(id)
///     }
///
/// Time is the capture's: nothing here reads a clock.
public struct ConnectionTable: ~Copyable {
  public let limits: TrackerLimits
  /// Connections met so far.
  public private(set) var connectionCount = 0
  /// Bytes that connections take now, those that have ended and are not released yet included.
  public var bytesInUse: Int { arena.bytesInUse }
  /// Connections alive now, those that have ended and are not released yet not included.
  public internal(set) var liveCount = 0

  let seed: UInt64
  let measuresRoundTrips: Bool
  /// How long any connection may be silent, in nanoseconds, whatever its stage.
  private let shortestLife: Int64
  /// How long it may have been silent before a segment that is predicted; less than any time if none
  /// is.
  private let predictableLife: Int64
  private let predictsHeaders: Bool
  private let cachesSYNs: Bool
  /// Connections that are opening, those not included of which but a SYN waits.
  var openingCount = 0
  /// There were so many with them when the latest began that SYNs wait in the cache.
  var isCrowded = false
  var index = FlowIndex()
  var arena: ConnectionArena
  /// The living, by `queueIndex`.
  var queues = InlineArray<3, ExpiryQueue>(repeating: ExpiryQueue())
  var ended = EndedConnections()
  /// What those take that have ended and are not released yet, in bytes.
  var bytesEnded = 0
  private let payloads = PayloadMemory()
  /// Looked up, never listed: its order shows nowhere.
  var strayingSYNs: [ConnectionID: StrayingSYN] = [:]
  /// No connection of any queue is due before.
  var nextDue = Timestamp(nanoseconds: .max)
  var now = Timestamp(nanoseconds: .min)
  /// When the queues were looked through last because time has passed without segments.
  var swept = Timestamp(nanoseconds: 0)

  /// An empty table.
  ///
  /// The hash is seeded as Swift's own is: by chance in each process, unless
  /// `SWIFT_DETERMINISTIC_HASHING` is set. The seed shows in no result.
  ///
  /// - Parameters:
  ///   - limits: When and how many connections are put away.
  ///   - measuresRoundTrips: Whether connections tell `roundTrips`. Costs two cache lines each.
  ///   - cachesSYNs: Whether a SYN takes but a cache line until something follows it, when there are many
  ///     others. What comes of it is the same, but the connection that its `Step` names cannot be asked for.
  public init(
    limits: TrackerLimits = TrackerLimits(), measuresRoundTrips: Bool = false,
    cachesSYNs: Bool = false
  ) {
    self.init(
      limits: limits, measuresRoundTrips: measuresRoundTrips, cachesSYNs: cachesSYNs,
      predictsHeaders: true)
  }

  /// An empty table that takes the long way with every segment unless it `predictsHeaders`.
  package init(
    limits: TrackerLimits, measuresRoundTrips: Bool, cachesSYNs: Bool, predictsHeaders: Bool
  ) {
    self.measuresRoundTrips = measuresRoundTrips
    self.predictsHeaders = predictsHeaders
    self.cachesSYNs = cachesSYNs && predictsHeaders
    precondition(limits.maximumConnections > 0)
    self.limits = limits
    shortestLife = LifeStage.allCases.map { limits.nanoseconds(of: $0) }.min() ?? 0
    predictableLife = predictsHeaders ? min(shortestLife, LongSilence.shortest) : .min
    seed = UInt64(truncatingIfNeeded: Hasher().finalize())
    // Whatever has ended keeps its place until it is released.
    arena = ConnectionArena(
      capacity: 2 * limits.maximumConnections,
      // One more than may wait, and those that go one by one.
      synCapacity: min(limits.maximumHalfOpenConnections, limits.maximumConnections) + 1_024,
      measuresRoundTrips: measuresRoundTrips)
  }

  /// The connection as it stands; `id` must be from this table.
  public subscript(id: ConnectionID) -> Connection {
    precondition(arena.contains(id), "no connection of this table")
    // `end` has left these to whoever asks.
    if arena[id].core.traits.isSuperset(of: [.isUnremarkable, .hasEnded]) {
      arena[id].runTimers(until: arena[id].history.queued, limits)
    }
    return Connection(
      arena[id], arena[addresses: id],
      measuresRoundTrips
        ? [arena[roundTrips: id, of: 0], arena[roundTrips: id, of: 1]] : nil)
  }

  // MARK: - Segments

  /// Takes in the next segment of the capture.
  public mutating func ingest(_ segment: Segment) -> Step {
    var arriving = ArrivingSegment(segment)
    prepare(&arriving)
    return take(&arriving)
  }

  /// Takes in the next segment of the capture, which `prepare` has seen.
  ///
  /// It does not change the segment, which is `inout` so that it is passed by its address.
  @inline(__always)
  mutating func take(_ arriving: inout ArrivingSegment) -> Step {
    var step = takeIn(&arriving)
    if step.facts.isEmpty {
      payloads.note(&arriving.segment, of: step.connection, step.sender)
    } else if arriving.segment.capturedPayloadLength > 0 {
      step.facts.formUnion(compare(&arriving.segment, step))
    }
    if measuresRoundTrips { measure(&arriving.segment, step) }
    return step
  }

  /// Holds the payload of a segment that is not the next one of many against what came at its place
  /// before.
  @inline(never)
  private mutating func compare(_ segment: inout Segment, _ step: Step) -> SegmentFacts {
    // What is dropped brings nothing, nor does a probe, which may carry any byte (RFC 9293 §3.8.4).
    guard
      step.facts.isDisjoint(with: [
        .duplicateFrame, .outsideWindow, .wrongChecksum, .probe, .resetWithPayload,
      ])
    else { return [] }
    guard !step.facts.isDisjoint(with: [.repeatsData, .repeatsPartly]) else {
      payloads.note(&segment, of: step.connection, step.sender)
      return []
    }
    guard payloads.differs(&segment, of: step.connection, step.sender) else { return [] }
    arena[step.connection].note(.repeatsOtherwise, of: step.sender, frame: segment.frame)
    return .repeatsOtherwise
  }

  @inline(__always)
  private mutating func takeIn(_ arriving: inout ArrivingSegment) -> Step {
    now = arriving.segment.time
    if now >= nextDue { expire() }

    var id = arriving.candidate
    if id.isNoConnection || arena[id].core.traits.contains(.hasEnded)
      || !isFound(id, by: arriving.lookup.key, of: &arriving.segment)
    {
      guard let found = find(&arriving.segment, arriving.lookup) else {
        return open(&arriving.segment, arriving.lookup)
      }
      id = begun(found)
    }
    let sender = arena[id].core.sender(fromLower: arriving.lookup.fromLower)
    if arena[id].takePredicted(&arriving.segment, from: sender, within: predictableLife) {
      return Step(connection: id, sender: sender, facts: [])
    }
    let stage = arena[id].core.stage
    if arena[id].takeOrdinary(&arriving.segment, from: sender, within: predictableLife) {
      if arena[id].core.stage != stage { changeStage(of: id, from: stage) }
      return Step(connection: id, sender: sender, facts: [])
    }
    return takeUnpredicted(&arriving, id, from: sender)
  }

  /// Takes in a segment that nothing has led to expect.
  ///
  /// Apart, so that the way of those that were expected is short.
  @inline(never)
  private mutating func takeUnpredicted(
    _ arriving: inout ArrivingSegment, _ candidate: ConnectionID, from candidateSender: Side
  ) -> Step {
    var (id, sender) = (candidate, candidateSender)
    var stage = arena[id].core.stage
    arena[id].core.traits.remove(.isUnremarkable)
    var facts: SegmentFacts = []
    if isUnusual(&arriving.segment, id, sender) {
      switch place(&arriving.segment, arriving.lookup, &id) {
      case .here:
        sender = arena[id].core.sender(fromLower: arriving.lookup.fromLower)
        stage = arena[id].core.stage
      case .done(let step): return step
      }
    }
    if stage == .closed { facts.insert(.afterClose) }
    facts.formUnion(arena[id].take(&arriving.segment, from: sender))
    if !facts.contains(.duplicateFrame) {
      facts.formUnion(
        arena[id].oddities(of: &arriving.segment, Int(sender.rawValue), facts))
    }
    if arriving.segment.checksumStatus == .wrong { facts.insert(.wrongChecksum) }
    arena[id].noteReplies(&arriving.segment, from: sender, facts)
    if arena[id].core.traits.contains(.hasSmallSegments) {
      arena[id].noteSize(of: &arriving.segment, from: sender, facts)
    }
    if !facts.isDisjoint(with: .remarkable) {
      arena[id].note(facts, of: sender, frame: arriving.segment.frame)
    }
    if arena[id].core.stage != stage { changeStage(of: id, from: stage) }
    return Step(connection: id, sender: sender, facts: facts)
  }

  /// Takes in an ICMP error that quotes a segment.
  public mutating func ingest(_ error: ICMPError) {
    var quoted = Segment()
    quoted.ipVersion = error.source.address.version
    (quoted.sourceHigh, quoted.sourceLow) = (error.source.address.high, error.source.address.low)
    (quoted.destinationHigh, quoted.destinationLow) =
      (error.destination.address.high, error.destination.address.low)
    (quoted.sourcePort, quoted.destinationPort) = (error.source.port, error.destination.port)
    let lookup = FlowLookup(&quoted, seed: seed)
    guard let found = find(&quoted, lookup) else { return }
    let id = begun(found)
    arena[id].core.traits.remove(.isUnremarkable)
    arena[id].takeError(error, from: arena[id].core.sender(fromLower: lookup.fromLower))
  }

  /// The connection of a segment's tuple and of the tunnel in the key, or the SYN that waits there.
  ///
  /// It does not change the table: see `prefetch`.
  mutating func find(_ segment: inout Segment, _ lookup: FlowLookup) -> ConnectionID? {
    index.first(lookup.hash) {
      $0.isNoConnection
        ? isWaiting($0, by: lookup.key, of: &segment) : isFound($0, by: lookup.key, of: &segment)
    }
  }

  /// Whether the segment with this key is of the connection's tuple, and of its tunnel if it has one.
  @inline(__always)
  private func isFound(_ id: ConnectionID, by key: FlowKey, of segment: inout Segment) -> Bool {
    arena[id].core.key == key && (!key.isDigest || hasAddresses(id, of: &segment))
  }

  /// Whether a connection whose key is that of a segment has its addresses too, of which the key has
  /// only a digest.
  @inline(__always)
  private func hasAddresses(_ id: ConnectionID, of segment: inout Segment) -> Bool {
    var fromLower = false
    return arena[addresses: id] == FlowAddresses(&segment, fromLower: &fromLower)
  }

  mutating func open(
    _ segment: inout Segment, _ lookup: FlowLookup, incarnation: UInt32 = 1,
    after predecessor: Predecessor = .none
  ) -> Step {
    while liveCount >= limits.maximumConnections
      || liveCount > 0 && arena.bytesInUse - bytesEnded >= limits.maximumMemory
    {
      evict()
    }
    connectionCount += 1
    liveCount += 1
    if cachesSYNs, areManyOpening(), incarnation == 1,
      let syn = CachedSYN(&segment, lookup, number: connectionCount)
    {
      return wait(syn, lookup, &segment)
    }
    var step = begin(
      &segment, lookup, number: connectionCount, incarnation: incarnation, after: predecessor)
    step.facts.insert(incarnation > 1 ? [.opensConnection, .newIncarnation] : .opensConnection)
    index.insert(lookup.hash, step.connection)
    if arena[step.connection].core.stage == .opening { openingCount += 1 }
    enqueue(step.connection, since: now)
    limitHalfOpen()
    return step
  }

  /// Begins a connection with its first segment.
  mutating func begin(
    _ segment: inout Segment, _ lookup: FlowLookup, number: Int, incarnation: UInt32 = 1,
    after predecessor: Predecessor = .none
  ) -> Step {
    let roles = ConnectionHistory.roles(in: &segment)
    let sender = roles.sender
    let id = arena.add()
    arena[id].core.begin(lookup, opening: &segment, senderIsClient: sender == .client)
    if lookup.key.isDigest {
      var fromLower = false
      arena[addresses: id] = FlowAddresses(&segment, fromLower: &fromLower)
    }
    if measuresRoundTrips {
      for end in 0..<2 { arena[roundTrips: id, of: end] = RoundTrips() }
    }
    arena[id].history.begin(
      number: number, incarnation: incarnation, after: predecessor, opening: &segment, roles)
    arena[id].noteTunnel(segment.encapsulation, of: sender)
    var facts: SegmentFacts = []
    if !predictsHeaders || !arena[id].takeOpening(&segment, from: sender) {
      facts = arena[id].take(&segment, from: sender)
      let faults = arena[id].oddities(of: &segment, Int(sender.rawValue), facts)
      if !faults.isEmpty { arena[id].note(faults, of: sender, frame: segment.frame) }
      facts.formUnion(faults)
    }
    return Step(connection: id, sender: sender, facts: facts)
  }

  // MARK: - Which connection a segment belongs to

  /// Whether anything about the segment asks for a decision: it is no ordinary successor of what
  /// was seen last.
  @inline(__always)
  private func isUnusual(_ segment: inout Segment, _ id: ConnectionID, _ sender: Side) -> Bool {
    if segment.flags.contains(.syn) { return true }
    let connection = arena[id]
    let tunnel = connection.core.tunnels[Int(sender.rawValue)]
    return tunnel != segment.encapsulation
      || !connection.core.traits.isDisjoint(with: [.hasStrayingSYN, .hasSibling])
      || segment.time.nanoseconds &- connection.core.last.time.nanoseconds >= shortestLife
  }

  @inline(__always)
  func isOverdue(_ id: ConnectionID, at time: Timestamp) -> Bool {
    time.nanoseconds(since: lastTime(of: id)) >= limits.nanoseconds(of: stage(of: id))
  }
}
