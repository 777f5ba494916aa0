import FlowTracker
import PacketParser

/// Tells what becomes known of connections as it does, and each thing once.
///
/// Of each place of the connection table it keeps 40 bytes: what was told of the connection there.
struct EventFollower {
  /// Connections whose findings are looked for at a time; the others wait for the next.
  private static let stride = 1_024

  private struct Told: BitwiseCopyable {
    var client = StatesTold()
    var server = StatesTold()
    var isHandshakeTold = false
    /// It is among those that `states` counts.
    var isCounted = false
    /// It waits for somebody to look for findings.
    var isWaiting = false
  }

  private var receiver: any EventReceiver
  private var told: [Told] = []
  /// What was found of the connections of which anything was.
  private var findings: [ConnectionID: [String: Int]] = [:]
  /// Where something was remarkable since findings were looked for, and how many of them have been looked at.
  private var waiting: [ConnectionID] = []
  private var looked = 0
  /// The states that the connections are in of which anything was told.
  private(set) var states = StatePairs()

  init(_ receiver: any EventReceiver) {
    self.receiver = receiver
  }

  /// A segment was taken in, after which the ends are in `states`.
  ///
  /// - Returns: Whether anything may have become known.
  mutating func note(
    _ step: Step, _ states: (client: EndpointState?, server: EndpointState?)
  ) -> Bool {
    let place = Int(step.connection.rawValue)
    if place >= told.count { extend(to: place) }
    if !step.facts.subtracting(.opensConnection).isEmpty { lookLater(at: step.connection) }
    return told[place].client.last != states.client || told[place].server.last != states.server
  }

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
    told[place].isCounted = true
    states.count(told[place].client.last, told[place].server.last, 1)
    if !told[place].isHandshakeTold, connection.handshake.outcome == .complete {
      told[place].isHandshakeTold = true
      tell(connection, .completedHandshake(connection.handshake))
    }
  }

  /// The connections whose findings are to be looked for now.
  mutating func takeWaiting() -> [ConnectionID] {
    let next = Array(waiting[looked...].prefix(Self.stride))
    for id in next { told[Int(id.rawValue)].isWaiting = false }
    looked += next.count
    // None waits twice, so there are never more than twice as many as connections.
    if looked > waiting.count / 2 {
      waiting.removeFirst(looked)
      looked = 0
    }
    return next
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
    let isWaiting = told[place].isWaiting
    told[place] = Told()
    // Whoever has its place next waits in its stead.
    told[place].isWaiting = isWaiting
    findings.removeValue(forKey: id)
  }

  private mutating func lookLater(at id: ConnectionID) {
    guard !told[Int(id.rawValue)].isWaiting else { return }
    told[Int(id.rawValue)].isWaiting = true
    waiting.append(id)
  }

  private mutating func uncount(_ place: Int) {
    guard told[place].isCounted else { return }
    told[place].isCounted = false
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
