import FlowTracker
import PacketParser

/// Keeps the segments of one connection while a capture is analyzed.
struct SegmentRecorder {
  /// So many SYNs are remembered that may yet begin a connection of their own.
  private static let pendingLimit = 4_096

  private let request: LadderRequest
  private var log: SegmentLog
  private var hasBegun = false
  /// The states before the next segment.
  private var clientState: EndpointState?
  private var serverState: EndpointState?
  private var previous: Timestamp?
  /// SYNs that strayed into connections, the oldest first.
  private var pending: [PendingSYN] = []

  private struct PendingSYN {
    var segment: LoggedSegment
    var source: SocketAddress
    var destination: SocketAddress
  }

  init(_ request: LadderRequest) {
    self.request = request
    log = SegmentLog(request)
  }

  /// Takes in a segment and what it did.
  mutating func record(_ segment: Segment, _ step: Step, _ table: borrowing ConnectionTable) {
    let isOurs = table.number(of: step.connection) == request.connection
    let strays = step.facts.contains(.synOnSynchronized)
    guard isOurs || strays else { return }
    let connection = table[step.connection]
    if isOurs, !hasBegun { begin(connection) }
    let receiver = connection[step.sender.peer]
    let logged = LoggedSegment(
      segment, from: step.sender, step.facts,
      sincePrevious: isOurs ? previous.map { segment.time.nanoseconds(since: $0) } ?? 0 : 0,
      receiverWindowIsShut: receiver.packets > 0 && receiver.window == 0)
    if strays {
      if pending.count == Self.pendingLimit { pending.removeFirst(Self.pendingLimit / 2) }
      pending.append(
        PendingSYN(segment: logged, source: segment.source, destination: segment.destination))
    }
    guard isOurs else { return }
    previous = segment.time
    let (client, server) = (connection[.client].state, connection[.server].state)
    log.append(logged, changesState: client != clientState || server != serverState)
    (clientState, serverState) = (client, server)
  }

  /// Finds the SYN that the connection began with, if it came before anyone knew that it would.
  private mutating func begin(_ connection: Connection) {
    hasBegun = true
    var isFirst = true
    for syn in pending
    where syn.segment.mark.frame >= connection.first.frame
      && syn.source == connection[address: connection.firstSender]
      && syn.destination == connection[address: connection.firstSender.peer]
    {
      var segment = syn.segment
      segment.sender = connection.firstSender
      // What was remarkable of it was so in the other connection.
      segment.facts = isFirst ? [.opensConnection, .newIncarnation] : .repeatsSYN
      segment.nanosecondsSincePrevious =
        previous.map { segment.mark.time.nanoseconds(since: $0) } ?? 0
      previous = segment.mark.time
      isFirst = false
      log.append(segment, changesState: true)
    }
    pending = []
  }

  /// The log of the connection that has ended, if it is the one.
  mutating func finish(_ connection: Connection) -> SegmentLog? {
    guard connection.number == request.connection else { return nil }
    if !hasBegun { begin(connection) }
    log.finish(connection)
    return log
  }
}

extension Connection {
  fileprivate subscript(address side: Side) -> SocketAddress {
    side == .client ? client : server
  }
}
