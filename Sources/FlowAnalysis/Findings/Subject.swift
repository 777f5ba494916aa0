import FlowTracker
import PacketParser

/// A connection as detectors look at it.
struct Subject: Sendable {
  let report: ConnectionReport
  private let connection: Connection
  private let surroundings: Surroundings

  /// So long an end waits for an answer before it repeats itself, in nanoseconds: the first timeout
  /// of RFC 6298 §2.1.
  static let retransmissionTime: Int64 = 1_000_000_000
  /// A connection on which nothing was sent for so long is idle, in nanoseconds.
  static let idleTime: Int64 = 60_000_000_000
  /// So long an end may take to close after its peer has, in nanoseconds.
  static let closeWaitTime: Int64 = 60_000_000_000

  init(_ report: ConnectionReport, _ connection: Connection, _ surroundings: Surroundings) {
    self.report = report
    self.connection = connection
    self.surroundings = surroundings
  }

  var handshake: Handshake { report.handshake }
  var closing: Closing { connection.closing }
  var predecessor: Predecessor { connection.predecessor }

  /// What an end has sent, acknowledged and offered.
  subscript(side: Side) -> Endpoint { connection[side] }

  func socket(of side: Side) -> SocketAddress {
    side == .client ? report.client : report.server
  }

  func history(of side: Side) -> EndpointHistory { connection[history: side] }

  /// Lent, since it is a kilobyte.
  subscript(irregularities side: Side) -> EndpointIrregularities {
    _read { yield connection[irregularities: side] }
  }

  /// What there is in the connection for detectors to look at.
  var aspects: Aspects {
    var aspects: Aspects = []
    if connection.isIrregular, !connection.hasOnlyCopies || !facts.isSubset(of: Self.ofCopies) {
      aspects.insert(.irregular)
    }
    if wasOpen { aspects.insert(.open) }
    if handshake.synACK != nil { aspects.insert(.answered) }
    if predecessor != .none { aspects.insert(.reused) }
    let (client, server) = (report.client, report.server)
    if !client.isPossible || !server.isPossible || client == server { aspects.insert(.impossible) }
    if closing.reset != nil { aspects.insert(.reset) }
    if Side.allCases.contains(where: { self[$0].knows.contains(.fin) }) { aspects.insert(.fin) }
    return aspects
  }

  /// What may be true of copies of frames and says nothing of the connection.
  private static let ofCopies: SegmentFacts = [.duplicateFrame, .duplicateACK, .afterClose]

  /// All facts that were true of some segment.
  var facts: SegmentFacts { connection.facts }

  /// The segments of an end of which a fact was true.
  func sightings(of fact: SegmentFacts, by side: Side) -> Sightings? {
    connection.sightings(of: fact, by: side)
  }

  /// SYNs with other numbers that an end sent after both had closed.
  func synAfterClose(of side: Side) -> Sightings? {
    guard closing.isComplete, let seen = sightings(of: .synOnSynchronized, by: side),
      let fins = Side.allCases.compactMap({ history(of: $0).fin?.frame }).max(), seen.first > fins
    else { return nil }
    return seen
  }

  /// The last state of an end.
  func state(of side: Side) -> EndpointState? { history(of: side).timeline.last?.state }

  /// Whether any payload was captured.
  var hasData: Bool { Side.allCases.contains { self[$0].payload > 0 } }

  /// Whether an end was in a state at some time.
  func reached(_ state: EndpointState, _ side: Side) -> Bool {
    history(of: side).timeline.contains { $0.state == state }
  }

  /// The capture has lost frames, by its own account, since the connection began.
  var mayLackLostFrames: Bool { surroundings.lastLoss.map { $0 >= report.first.time } ?? false }

  /// Nothing more can come of it.
  var isOver: Bool { surroundings.isOver }

  /// Payload bytes of an end that were seen and that its peer has not acknowledged.
  func unacknowledgedPayload(of side: Side) -> Int {
    let (own, peer) = (connection[side], connection[side.peer])
    guard own.knows.contains(.next), peer.knows.contains(.acknowledged) else { return 0 }
    // Behind a FIN that was acknowledged, all numbers are those of payload.
    let hasFIN = own.knows.contains(.fin) && !own.knows.contains(.finAcknowledged)
    let numbers = Int(own.next - peer.acknowledged) - (hasFIN ? 1 : 0)
    return max(0, numbers)
  }

  /// Whether both ends came to ESTABLISHED, or were there when the capture began.
  var wasOpen: Bool { handshake.outcome == .complete || handshake.outcome == .unseen }

  /// Nanoseconds for which the capture went on after a frame of the connection.
  func captureWentOn(after mark: FrameMark) -> Int64 {
    surroundings.until.nanoseconds(since: mark.time)
  }

  /// Segments of an end with more payload than its peer takes, and the most payload of any.
  func oversizedSegments(of side: Side) -> (seen: Sightings, largest: Int)? {
    connection.oversizedSegments(of: side)
  }

  /// Replies that an end owed and has not sent, though the capture went on for long enough; and whether it has
  /// sent nothing since that could be the latest of them.
  func missingReplies(of side: Side) -> [(reply: OwedReply, isSilent: Bool)] {
    var missing = connection.overdueReplies(of: side).map { ($0, false) }
    guard let (reply, due) = connection.outstandingReply(of: side),
      surroundings.until.nanoseconds > due.nanoseconds
    else { return missing }
    if let known = missing.firstIndex(where: { $0.0.duty == reply.duty }) {
      missing[known].0.times += 1
      missing[known].0.last = reply.last
      missing[known].1 = true
    } else {
      missing.append((reply, true))
    }
    return missing
  }

  /// Nanoseconds from the beginning of the capture to the first segment of the connection.
  var captureHadRun: Int64 { report.first.time.nanoseconds(since: surroundings.since) }

  /// The capture missed something of this connection, so that what is missing may have been there.
  var hasGaps: Bool { Side.allCases.contains { self[irregularities: $0].gaps > 0 } }

  /// Whether what is missing may be so only because it was not captured.
  var mayLackFrames: Bool { hasGaps || report.isOneSided || surroundings.isCut }
}

/// What of the capture around a connection its findings depend on.
struct Surroundings: Sendable {
  /// The time of the capture's earliest frame, and of its latest when the connection was put away.
  var since: Timestamp
  var until: Timestamp
  /// The capture could not be read to its end.
  var isCut = false
  /// When the capture was last known to have lost frames, by its own account; `nil` if it never was.
  var lastLoss: Timestamp?
  /// The connection has ended, expired, or the capture has.
  var isOver = true
}

extension SocketAddress {
  /// Whether a socket can have it.
  fileprivate var isPossible: Bool { port != 0 && address.isUnicast }
}

extension IPAddress {
  /// Whether a host can have it: it is no multicast address (RFC 5771, RFC 4291 §2.7), not broadcast, and
  /// specified.
  var isUnicast: Bool {
    switch version {
    case .v4: low != 0 && low != 0xffff_ffff && low >> 28 != 0xe
    case .v6: (high != 0 || low != 0) && high >> 56 != 0xff
    }
  }
}
