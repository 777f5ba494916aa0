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
  /// Connections alive now, those that have ended and are not released yet not included.
  public private(set) var liveCount = 0
  /// Connections put away for want of room, before they had ended.
  public private(set) var evictedCount = 0

  private let seed: UInt64
  private var index = FlowIndex()
  private var arena: ConnectionArena
  private var queues = InlineArray<4, ExpiryQueue>(repeating: ExpiryQueue())
  private var ended = ExpiryQueue()
  /// No connection of any queue is due before.
  private var nextDue = Timestamp(nanoseconds: .max)
  private var now = Timestamp(nanoseconds: .min)

  /// An empty table.
  ///
  /// The hash is seeded as Swift's own is: by chance in each process, unless
  /// `SWIFT_DETERMINISTIC_HASHING` is set. The seed shows in no result.
  public init(limits: TrackerLimits = TrackerLimits()) {
    precondition(limits.maximumConnections > 0)
    self.limits = limits
    seed = UInt64(truncatingIfNeeded: Hasher().finalize())
    // Whatever has ended keeps its place until it is released, and a leap in time ends all at once.
    arena = ConnectionArena(capacity: 2 * limits.maximumConnections)
  }

  @inline(__always)
  public subscript(id: ConnectionID) -> Connection {
    @inline(__always) _read { yield arena[id] }
  }

  // MARK: - Reading ahead

  /// The hash by which `ingest` finds the segment's connection. Starts to read its entry.
  @inline(__always)
  public func prepare(_ segment: Segment) -> FlowHash {
    var fromLower = false
    let hash = FlowKey(segment, fromLower: &fromLower).hash(seed: seed)
    index.prefetch(hash)
    return FlowHash(rawValue: hash)
  }

  /// Starts to read the connection that most likely is the segment's.
  @inline(__always)
  public func prefetchConnection(_ hash: FlowHash) {
    if let id = index.candidate(hash.rawValue) { arena.prefetch(id) }
  }

  // MARK: - Segments

  public mutating func ingest(_ segment: Segment) -> Step {
    ingest(segment, prepare(segment))
  }

  /// Takes in the next segment of the capture; `hash` is what `prepare` gave for it.
  @inline(__always)
  public mutating func ingest(_ segment: Segment, _ hash: FlowHash) -> Step {
    now = segment.time
    if now >= nextDue { expire() }

    var fromLower = false
    let key = FlowKey(segment, fromLower: &fromLower)
    guard var id = find(key, hash.rawValue) else { return open(segment, key, hash.rawValue, fromLower) }
    var sender = arena[id].sender(fromLower: fromLower)
    var facts: SegmentFacts = []
    if isUnusual(segment, id, sender) {
      switch place(segment, key, fromLower, &id) {
      case .here: sender = arena[id].sender(fromLower: fromLower)
      case .done(let step): return step
      }
    }
    let before = arena[id].stage
    if before == .closed { facts.insert(.afterClose) }
    facts.formUnion(arena[id].take(segment, from: sender))
    if arena[id].stage != before { changeStage(of: id, from: before) }
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
    var fromLower = false
    let key = FlowKey(quoted, fromLower: &fromLower)
    guard let id = find(key, key.hash(seed: seed)) else { return }
    arena[id].takeError(error, from: arena[id].sender(fromLower: fromLower))
  }

  @inline(__always)
  private func find(_ key: FlowKey, _ hash: UInt32) -> ConnectionID? {
    index.first(hash) { arena[$0].key == key }
  }

  private mutating func open(
    _ segment: Segment, _ key: FlowKey, _ hash: UInt32, _ fromLower: Bool,
    incarnation: UInt32 = 1
  ) -> Step {
    while liveCount >= limits.maximumConnections { evict() }
    connectionCount += 1
    var connection = Connection(
      key: key, hash: hash, number: connectionCount, opening: segment, fromLower: fromLower)
    connection.incarnation = incarnation
    let sender = connection.firstSender
    connection.noteTunnel(segment.encapsulation, of: sender)
    let id = arena.add(connection)
    index.insert(hash, id)
    liveCount += 1
    var facts = arena[id].take(segment, from: sender)
    facts.insert(incarnation > 1 ? [.opensConnection, .newIncarnation] : .opensConnection)
    enqueue(id)
    return Step(connection: id, sender: sender, facts: facts)
  }

  // MARK: - Which connection a segment belongs to

  /// Whether anything about the segment asks for a decision: it is no ordinary successor of what
  /// was seen last.
  @inline(__always)
  private func isUnusual(_ segment: Segment, _ id: ConnectionID, _ sender: Side) -> Bool {
    segment.flags.contains(.syn)
      || arena[id].tunnels[Int(sender.rawValue)] != segment.encapsulation
      || !arena[id].traits.isDisjoint(with: [.hasStrayingSYN, .hasSibling])
      || isOverdue(id, at: segment.time)
  }

  @inline(__always)
  private func isOverdue(_ id: ConnectionID, at time: Timestamp) -> Bool {
    time.nanoseconds(since: arena[id].last.time) >= limits.nanoseconds(of: arena[id].stage)
  }

  private enum Placement {
    /// It belongs to the connection that the look-up found, or that stands in its place now.
    case here
    /// It has been taken in already.
    case done(Step)
  }

  @inline(never)
  private mutating func place(
    _ segment: Segment, _ key: FlowKey, _ fromLower: Bool, _ id: inout ConnectionID
  ) -> Placement {
    if let sibling = chooseTunnel(segment, key, fromLower, id) {
      switch sibling {
      case .existing(let other): id = other
      case .new(let key):
        return .done(open(segment, key, hash(key), fromLower))
      }
    }
    if isOverdue(id, at: segment.time) {
      let incarnation = arena[id].incarnation
      let key = arena[id].key
      end(id, arena[id].stage == .closed ? .closed : .idle)
      return .done(open(segment, key, hash(key), fromLower, incarnation: incarnation + 1))
    }
    let sender = arena[id].sender(fromLower: fromLower)
    if arena[id].traits.contains(.hasStrayingSYN) {
      switch arena[id].settleStrayingSYN(by: segment, from: sender) {
      case .isNewConnection:
        id = replaceByStrayingSYN(id, .replaced)
        return .here
      case .belongsHere, .undecided: break
      }
    }
    guard segment.flags.contains(.syn) else { return .here }
    switch arena[id].decide(on: segment, from: sender) {
    case .sameConnection: return .here
    case .newIncarnation:
      let incarnation = arena[id].incarnation
      let key = arena[id].key
      end(id, arena[id].stage == .closed ? .closed : .replaced)
      return .done(open(segment, key, hash(key), fromLower, incarnation: incarnation + 1))
    case .awaitAnswer:
      arena[id].holdStrayingSYN(segment, from: sender)
      return .done(Step(connection: id, sender: sender, facts: .synOnSynchronized))
    }
  }

  private func hash(_ key: FlowKey) -> UInt32 {
    // All connections of a tuple have the hash of the tuple, whatever tunnel they are in.
    var plain = key
    plain.tunnel = .none
    return plain.hash(seed: seed)
  }

  private enum TunnelChoice {
    case existing(ConnectionID)
    case new(FlowKey)
  }

  /// A segment in another encapsulation than the last one: the same connection by another way, or
  /// another connection of the same tuple, whose numbers then do not fit at all.
  private mutating func chooseTunnel(
    _ segment: Segment, _ key: FlowKey, _ fromLower: Bool, _ id: ConnectionID
  ) -> TunnelChoice? {
    let sender = arena[id].sender(fromLower: fromLower)
    if arena[id].traits.contains(.hasSibling), segment.encapsulation != .none {
      var inTunnel = key
      inTunnel.tunnel = segment.encapsulation
      if let sibling = find(inTunnel, hash(key)) { return .existing(sibling) }
    }
    guard arena[id].tunnels[Int(sender.rawValue)] != segment.encapsulation else { return nil }
    if arena[id].knowsTunnel(segment.encapsulation) || arena[id].fits(segment, from: sender) {
      arena[id].noteTunnel(segment.encapsulation, of: sender)
      return nil
    }
    arena[id].traits.insert(.hasSibling)
    var inTunnel = key
    inTunnel.tunnel = segment.encapsulation
    return .new(inTunnel)
  }

  /// Ends the connection in favour of the one that its straying SYN has turned out to begin.
  private mutating func replaceByStrayingSYN(_ id: ConnectionID, _ reason: EndReason) -> ConnectionID
  {
    let (syn, sender, count) = arena[id].takeStrayingSYN()
    let fromLower = arena[id].sender(fromLower: true) == sender
    let (key, incarnation) = (arena[id].key, arena[id].incarnation)
    end(id, reason)
    let step = open(syn, key, hash(key), fromLower, incarnation: incarnation + 1)
    arena[step.connection].countRepeats(of: syn, count - 1)
    return step.connection
  }

  // MARK: - Ending

  /// Ends whatever is left, in the order in which the connections were met.
  public mutating func finish() {
    var rest: [(number: Int, id: ConnectionID)] = []
    for stage in LifeStage.allCases {
      var id = queues[Int(stage.rawValue)].head
      while id != .none {
        rest.append((arena[id].number, id))
        id = ConnectionID(rawValue: arena[id].following)
      }
    }
    rest.sort { $0.number < $1.number }
    for (_, id) in rest {
      if arena[id].traits.contains(.hasStrayingSYN) {
        let new = replaceByStrayingSYN(id, .replaced)
        end(new, .captureEnded)
      } else {
        end(id, .captureEnded)
      }
    }
  }

  /// The next connection that has ended; its place stays as it is until it is released.
  public mutating func takeEnded() -> ConnectionID? {
    let id = ended.head
    guard id != .none else { return nil }
    ended.remove(id, &arena)
    return id
  }

  /// Gives the place of an ended connection back.
  public mutating func release(_ id: ConnectionID) {
    arena.remove(id)
  }

  private mutating func end(_ id: ConnectionID, _ reason: EndReason) {
    queues[Int(arena[id].stage.rawValue)].remove(id, &arena)
    index.remove(arena[id].hash, id)
    liveCount -= 1
    arena[id].endReason = reason
    arena[id].runTimers(until: now, limits)
    ended.append(id, &arena)
  }

  private mutating func enqueue(_ id: ConnectionID) {
    let stage = arena[id].stage
    arena[id].queued = now
    queues[Int(stage.rawValue)].append(id, &arena)
    let (due, overflows) = now.nanoseconds.addingReportingOverflow(limits.nanoseconds(of: stage))
    if !overflows { nextDue = min(nextDue, Timestamp(nanoseconds: due)) }
  }

  private mutating func changeStage(of id: ConnectionID, from stage: LifeStage) {
    queues[Int(stage.rawValue)].remove(id, &arena)
    enqueue(id)
  }

  /// Puts away what has been silent for too long.
  @inline(never)
  private mutating func expire() {
    nextDue = Timestamp(nanoseconds: .max)
    for stage in LifeStage.allCases {
      let life = limits.nanoseconds(of: stage)
      while true {
        let id = queues[Int(stage.rawValue)].head
        guard id != .none else { break }
        // A damaged file may have put a time far ahead: whatever was queued then is due as well.
        let queued = now.nanoseconds(since: arena[id].queued)
        guard queued >= life || queued < -life else {
          nextDue = min(nextDue, Timestamp(nanoseconds: now.nanoseconds &+ max(0, life - queued)))
          break
        }
        guard isOverdue(id, at: now) else {
          queues[Int(stage.rawValue)].remove(id, &arena)
          enqueue(id)
          continue
        }
        if arena[id].traits.contains(.hasStrayingSYN) {
          _ = replaceByStrayingSYN(id, .replaced)
        } else {
          end(id, stage == .closed ? .closed : .idle)
        }
      }
    }
  }

  /// Makes room: the oldest of the half-open ones, which a flood makes by the million; then what is
  /// over; an open connection last.
  private mutating func evict() {
    for stage in [LifeStage.opening, .closed, .closing, .open] {
      let id = queues[Int(stage.rawValue)].head
      guard id != .none else { continue }
      evictedCount += 1
      end(id, .tableFull)
      return
    }
  }
}

/// The hash of a segment's tuple, as `ConnectionTable.prepare` gives it.
public struct FlowHash: BitwiseCopyable, Sendable {
  var rawValue: UInt32

  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// A hash to fill an empty place with.
  public static let zero = FlowHash(rawValue: 0)
}
