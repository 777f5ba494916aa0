import FlowTracker
import PacketParser

/// Tells what becomes known of connections as it does, and each thing once.
///
/// Of each place of the connection table it keeps 48 bytes: what was told of the connection there, and when it is
/// to be looked at, since something may be overdue then. A segment costs it a look at the states, and nothing is
/// done for all connections.
struct EventFollower {
  /// Connections that are looked at at a time, beside one for each segment that came since; the others wait for
  /// the next.
  private static let stride = 1_024

  private struct Told: BitwiseCopyable {
    var client = StatesTold()
    var server = StatesTold()
    var marks: Marks = []
    /// How far findings across connections count it.
    var across: AcrossConnectionsWatch.Counted = []
    /// When something of it was remarkable last, as the step of `LookTimes` since the first one.
    var changed: UInt32 = 0
  }

  private struct Marks: OptionSet, BitwiseCopyable {
    var rawValue: UInt8
    static let handshakeTold = Marks(rawValue: 1 << 0)
    /// It is among those that `states` counts.
    static let counted = Marks(rawValue: 1 << 1)
    /// It waits for somebody to look for findings.
    static let waiting = Marks(rawValue: 1 << 2)
    /// Something may be overdue when it is looked at next.
    static let owing = Marks(rawValue: 1 << 3)
    /// Something was found of it.
    static let found = Marks(rawValue: 1 << 4)
    static let closeTold = Marks(rawValue: 1 << 5)
  }

  private var receiver: any EventReceiver
  private var told: [Told] = []
  /// What was found of the connections of which anything was, as places in the catalogue.
  private var findings: [ConnectionID: [UInt8]] = [:]
  /// Where something was remarkable since findings were looked for, and how many of them have been looked at.
  private var waiting: [ConnectionID] = []
  private var looked = 0
  /// When connections are to be looked at though nothing may have come.
  private var times = LookTimes()
  /// The step of the first segment.
  private var first: LookTimes.Tick?
  private let watch = AcrossConnectionsWatch()
  /// Segments that came since connections were looked at.
  private var segments = 0
  /// The states that the connections are in of which anything was told.
  private(set) var states = StatePairs()

  init(_ receiver: any EventReceiver) {
    self.receiver = receiver
  }

  /// A segment was taken in, after which the ends are in `states`.
  ///
  /// - Returns: Whether anything may have become known.
  mutating func note(
    _ step: Step, at time: Timestamp, _ states: (client: EndpointState?, server: EndpointState?)
  ) -> Bool {
    let place = Int(step.connection.rawValue)
    if place >= told.count { extend(to: place) }
    segments &+= 1
    let isRemarkable = !step.facts.subtracting(.opensConnection).isEmpty
    let isElsewhere =
      told[place].client.last != states.client || told[place].server.last != states.server
    // Where nothing is overdue any more, a silence has ended.
    let endsSilence = !times.contains(place)
    if isRemarkable || (isElsewhere || endsSilence) && told[place].marks.contains(.found) {
      lookLater(at: step.connection)
    }
    if isRemarkable || isElsewhere || endsSilence {
      noteChange(place, at: LookTimes.tick(of: time))
    }
    return isElsewhere
  }

  /// Something happens to a connection from which on it may be waited for something.
  private mutating func noteChange(_ place: Int, at tick: LookTimes.Tick) {
    let first = first ?? tick
    self.first = first
    told[place].changed = UInt32(clamping: tick - first)
    told[place].marks.insert(.owing)
    times.put(place, at: LookTimes.tick(seconds: 1, after: tick))
  }

  /// A segment has flags that no TCP sends.
  mutating func noteIllegal(_ segment: borrowing Segment) { watch.noteIllegal(segment) }

  /// A segment has a SYN.
  mutating func noteOpening(_ segment: inout Segment) { watch.noteOpening(&segment) }

  /// Tells the transitions of a connection that are not told yet, first those of the end that has sent something.
  mutating func tellStates(of id: ConnectionID, _ connection: Connection, by sender: Side? = nil) {
    let place = Int(id.rawValue)
    if place >= told.count { extend(to: place) }
    uncount(place)
    let first = sender ?? connection.firstSender
    for side in [first, first.peer] {
      let timeline = connection[history: side].timeline
      let (withdrawn, new) =
        side == .client
        ? told[place].client.update(to: timeline) : told[place].server.update(to: timeline)
      for state in withdrawn { tell(connection, .withdrew(side, state)) }
      for transition in timeline.suffix(new) { tell(connection, .entered(side, transition)) }
    }
    told[place].marks.insert(.counted)
    states.count(told[place].client.last, told[place].server.last, 1)
    if !told[place].marks.contains(.handshakeTold), connection.handshake.outcome == .complete {
      told[place].marks.insert(.handshakeTold)
      tell(connection, .completedHandshake(connection.handshake))
    }
    let isClosed = connection.stage == .closed
    guard isClosed != told[place].marks.contains(.closeTold) else { return }
    told[place].marks.formSymmetricDifference(.closeTold)
    tell(connection, isClosed ? .closed(ConnectionReport.Close(of: connection)) : .reopened)
  }

  /// The connections whose findings are to be looked for now.
  mutating func takeWaiting() -> [ConnectionID] {
    let next = Array(waiting[looked...].prefix(budget))
    for id in next { told[Int(id.rawValue)].marks.remove(.waiting) }
    looked += next.count
    // None waits twice, so there are never more than twice as many as connections.
    if looked > waiting.count / 2 {
      waiting.removeFirst(looked)
      looked = 0
    }
    return next
  }

  /// The connections that are to be looked at now, though nothing may have come.
  mutating func takeDue(until time: Timestamp) -> [ConnectionID] {
    defer { segments = 0 }
    return times.take(until: LookTimes.tick(of: time), atMost: budget).map {
      ConnectionID(rawValue: UInt32($0))
    }
  }

  private var budget: Int { Self.stride + segments }

  /// Whether something may have become overdue of a connection that is due.
  func isOwing(_ id: ConnectionID, of table: inout ConnectionTable, at time: Timestamp) -> Bool {
    let silence = time.nanoseconds(since: table.lastTime(of: id))
    let isOwing =
      told[Int(id.rawValue)].marks.contains(.owing) && isSettled(id, at: time)
      || silence >= Subject.idleTime
    return isOwing && !table.brief(of: id).isOrdinary
  }

  /// Whether what was to come of a connection that had something remarkable has had a second to come.
  func isSettled(_ id: ConnectionID, at time: Timestamp) -> Bool {
    let place = Int(id.rawValue)
    guard place < told.count, let first else { return false }
    let changed = first + Int64(told[place].changed)
    return LookTimes.tick(of: time) >= LookTimes.tick(seconds: 1, after: changed)
  }

  /// A connection that was due was looked at; it is again when there may be something else, such as that the
  /// `reply` is overdue that an end owes, if one does.
  mutating func goOn(
    _ id: ConnectionID, of table: inout ConnectionTable, reply: Timestamp?, at time: Timestamp
  ) {
    let (place, now) = (Int(id.rawValue), LookTimes.tick(of: time))
    let began = LookTimes.tick(of: table.brief(of: id).began)
    let last = LookTimes.tick(of: table.lastTime(of: id))
    // When an attempt has been waited for, or when it has been silent for long.
    let waited = LookTimes.tick(seconds: 3, after: began)
    var next = waited > now ? waited : LookTimes.tick(seconds: 60, after: last)
    if !isSettled(id, at: time), let first {
      next = min(next, LookTimes.tick(seconds: 1, after: first + Int64(told[place].changed)))
    } else if let reply {
      next = min(next, LookTimes.tick(seconds: 0, after: LookTimes.tick(of: reply)))
    } else {
      told[place].marks.remove(.owing)
    }
    if next > now { times.put(place, at: next) }
  }

  /// Counts a connection, alive or over, among those that show something together.
  mutating func count(
    _ id: ConnectionID, of table: inout ConnectionTable, until time: Timestamp
  ) {
    let place = Int(id.rawValue)
    if place >= told.count { extend(to: place) }
    watch.count(id, of: &table, &told[place].across, until: time)
  }

  /// Tells what many connections together show by now.
  mutating func tellAcrossConnections(at time: Timestamp) {
    for kind in watch.judge(at: time) { receiver.happened(CaptureEvent(time: time, kind: kind)) }
  }

  /// Takes back what many connections together have not shown in the end, and marks what was told of the rest.
  mutating func close(_ findings: inout [CaptureFinding], at time: Timestamp) {
    for kind in watch.close(&findings) {
      receiver.happened(CaptureEvent(time: time, kind: kind))
    }
  }

  /// Tells what there is to say of a connection and was not said yet, and takes back what is not so any more.
  ///
  /// Of a kind as many findings are told as there are: what one says of blame and numbers may change with what
  /// comes later, and the report has it as it is in the end. What is missing is told when it has had time to come.
  mutating func tellFindings(of id: ConnectionID, _ report: ConnectionReport, at time: Timestamp) {
    let known = told[Int(id.rawValue)].marks.contains(.found) ? findings[id] ?? [] : []
    guard !known.isEmpty || !report.findings.isEmpty else { return }
    var (standing, rest) = ([UInt8](), known)
    for finding in report.findings {
      guard let kind = FindingCatalogue.place(of: finding.rule) else { continue }
      if let index = rest.firstIndex(of: kind) {
        rest.remove(at: index)
      } else if finding.mayBeRefuted, !isSettled(id, at: time) {
        continue
      } else {
        tell(report, .found(finding), at: finding.mayBeRefuted ? time : report.last.time)
      }
      standing.append(kind)
    }
    for kind in rest {
      tell(report, .withdrewFinding(FindingCatalogue.rules[Int(kind)]), at: report.last.time)
    }
    guard standing != known else { return }
    findings[id] = standing.isEmpty ? nil : standing
    if standing.isEmpty {
      told[Int(id.rawValue)].marks.remove(.found)
    } else {
      told[Int(id.rawValue)].marks.insert(.found)
    }
  }

  private mutating func tell(
    _ report: ConnectionReport, _ kind: ConnectionEvent.Kind, at time: Timestamp
  ) {
    receiver.happened(
      ConnectionEvent(
        connection: report.number, client: report.client, server: report.server, time: time,
        kind: kind))
  }

  /// Forgets a connection that is over.
  mutating func forget(_ id: ConnectionID) {
    let place = Int(id.rawValue)
    guard place < told.count else { return }
    uncount(place)
    times.remove(place)
    if told[place].marks.contains(.found) { findings.removeValue(forKey: id) }
    // Whoever has its place next waits in its stead.
    let marks = told[place].marks.intersection(.waiting)
    told[place] = Told()
    told[place].marks = marks
  }

  private mutating func lookLater(at id: ConnectionID) {
    guard told[Int(id.rawValue)].marks.insert(.waiting).inserted else { return }
    waiting.append(id)
  }

  private mutating func uncount(_ place: Int) {
    guard told[place].marks.remove(.counted) != nil else { return }
    states.count(told[place].client.last, told[place].server.last, -1)
  }

  private mutating func tell(_ connection: Connection, _ kind: ConnectionEvent.Kind) {
    receiver.happened(
      ConnectionEvent(
        connection: connection.number, client: connection.client, server: connection.server,
        time: connection.last.time, kind: kind))
  }

  private mutating func extend(to place: Int) {
    told += Array(repeating: Told(), count: max(1_024, place + 1 - told.count, told.count / 2))
  }
}
