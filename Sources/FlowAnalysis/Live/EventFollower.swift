import FlowTracker
import PacketParser

/// Tells what becomes known of connections as it does, and each thing once.
///
/// Of each place of the connection table it keeps 56 bytes: what was told of the connection there, and when it is
/// to be looked at. A segment costs it a look at the states, and nothing is done for all connections.
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
  }

  private struct Marks: OptionSet, BitwiseCopyable {
    var rawValue: UInt8
    static let handshakeTold = Marks(rawValue: 1 << 0)
    /// It is among those that `states` counts.
    static let counted = Marks(rawValue: 1 << 1)
    /// It waits for somebody to look for findings.
    static let waiting = Marks(rawValue: 1 << 2)
  }

  private var receiver: any EventReceiver
  private var told: [Told] = []
  /// What was found of the connections of which anything was.
  private var findings: [ConnectionID: [String: Int]] = [:]
  /// Where something was remarkable since findings were looked for, and how many of them have been looked at.
  private var waiting: [ConnectionID] = []
  private var looked = 0
  /// When connections are to be looked at though nothing may have come.
  private var times = LookTimes()
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
    if !step.facts.subtracting(.opensConnection).isEmpty { lookLater(at: step.connection) }
    let isElsewhere =
      told[place].client.last != states.client || told[place].server.last != states.server
    if isElsewhere || !times.contains(place) {
      times.put(place, at: LookTimes.tick(seconds: 1, after: LookTimes.tick(of: time)))
    }
    return isElsewhere
  }

  /// A segment has flags that no TCP sends.
  mutating func noteIllegal(_ segment: Segment) { watch.noteIllegal(segment) }

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

  /// Looks at a connection that is due, whose latest segment came at `last`.
  mutating func look(
    at id: ConnectionID, of table: inout ConnectionTable, until time: Timestamp
  ) {
    count(id, of: &table, until: time)
    let began = LookTimes.tick(of: table.brief(of: id).began)
    let last = LookTimes.tick(of: table.lastTime(of: id))
    // When an attempt has been waited for, and when it has been silent for long.
    let next = [LookTimes.tick(seconds: 3, after: began), LookTimes.tick(seconds: 60, after: last)]
      .first { $0 > LookTimes.tick(of: time) }
    if let next { times.put(Int(id.rawValue), at: next) }
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

  /// Tells what there is to say of a connection and was not said yet.
  ///
  /// Of a kind as many findings are told as there are: what one says of blame and numbers may change with what
  /// comes later, and the report has it as it is in the end.
  mutating func tellFindings(of id: ConnectionID, _ report: ConnectionReport) {
    var seen: [String: Int] = [:]
    for finding in report.findings {
      seen[finding.rule.id, default: 0] += 1
      let number = seen[finding.rule.id] ?? 1
      guard number > findings[id]?[finding.rule.id] ?? 0 else { continue }
      findings[id, default: [:]][finding.rule.id] = number
      receiver.happened(
        ConnectionEvent(
          connection: report.number, client: report.client, server: report.server,
          time: report.last.time, kind: .found(finding)))
    }
  }

  /// Forgets a connection that is over.
  mutating func forget(_ id: ConnectionID) {
    let place = Int(id.rawValue)
    guard place < told.count else { return }
    uncount(place)
    times.remove(place)
    // Whoever has its place next waits in its stead.
    let marks = told[place].marks.intersection(.waiting)
    told[place] = Told()
    told[place].marks = marks
    findings.removeValue(forKey: id)
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
