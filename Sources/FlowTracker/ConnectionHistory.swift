import PacketParser

/// What only a handshake or a close touches of a connection.
///
/// A place in the table begins one by `begin`, which leaves what is behind the first lines alone: of a
/// connection that is over soon they are never touched.
struct ConnectionHistory: BitwiseCopyable {
  /// When it was put into the queue in which it waits.
  var queued = Timestamp(nanoseconds: 0)
  private(set) var number = 0
  private(set) var first = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  private(set) var incarnation: UInt32 = 1
  private(set) var predecessor = Predecessor.none
  private(set) var firstSender = Side.client
  private(set) var rolesEvidence = RolesEvidence.firstSender
  var endReason = EndReason.captureEnded
  /// Which queue it waits in (`LifeStage.queueIndex`).
  var queue: UInt8 = 0
  var firstTunnels = InlineArray<2, EncapsulationID>(repeating: .none)
  var handshake = HandshakeRecord()
  /// The client's, then the server's.
  var traces = InlineArray<2, EndpointTraces>(repeating: EndpointTraces())
  var closing = ClosingRecord()
  /// The client's, then the server's.
  var ends = InlineArray<2, EndpointRecord>(repeating: EndpointRecord())
  private(set) var milestones = Milestones()

  init() {}

  /// Begins the history of another connection in the place of this one.
  mutating func begin(
    number: Int, incarnation: UInt32, after predecessor: Predecessor,
    opening segment: inout Segment, _ roles: (sender: Side, RolesEvidence)
  ) {
    self.number = number
    self.incarnation = incarnation
    self.predecessor = predecessor
    first = FrameMark(segment)
    (firstSender, rolesEvidence) = roles
    endReason = .captureEnded
    firstTunnels = InlineArray(repeating: .none)
    handshake = HandshakeRecord()
    traces = InlineArray(repeating: EndpointTraces())
    traces[Int(firstSender.rawValue)].note(&segment)
    closing = ClosingRecord()
    for end in 0..<2 { ends[end] = EndpointRecord() }
    milestones.removeAll()
  }

  /// The milestone of a frame that moved the connection; where there is no more room, a transition
  /// in the middle of a timeline goes.
  @inline(__always)
  mutating func milestone(at mark: FrameMark) -> Milestone {
    if let known = milestones.milestone(at: mark) { return known }
    if milestones.isFull { makeRoom() }
    return milestones.add(mark)
  }

  @inline(never)
  private mutating func makeRoom() {
    milestones.keep(wantedMilestones())
    while milestones.isFull {
      let longer = ends[0].states.count >= ends[1].states.count ? 0 : 1
      ends[longer].states.dropOne()
      milestones.keep(wantedMilestones())
    }
  }

  private func wantedMilestones() -> MilestoneSet {
    var wanted = MilestoneSet()
    let opening = handshake.milestones
    for index in opening.indices { wanted.insert(opening[index]) }
    wanted.insert(closing.reset)
    for end in 0..<2 {
      wanted.insert(ends[end].fin)
      wanted.insert(ends[end].lost)
      for index in 0..<ends[end].states.count { wanted.insert(ends[end].states[index].milestone) }
    }
    return wanted
  }

  /// Who is the client, judged by the first segment: the SYN, the SYN-ACK, the classes of the ports.
  static func roles(in segment: inout Segment) -> (sender: Side, RolesEvidence) {
    if segment.flags.contains(.syn) {
      return segment.flags.contains(.ack) ? (.server, .synACK) : (.client, .syn)
    }
    let source = portClass(segment.sourcePort)
    let destination = portClass(segment.destinationPort)
    return source == destination
      ? (.client, .firstSender) : (source > destination ? .client : .server, .port)
  }

  /// Well-known (RFC 6335 §6: system ports), registered as far as no stack takes its ephemeral ports
  /// from there, ephemeral (from 32768 in Linux).
  private static func portClass(_ port: UInt16) -> Int {
    port < 1024 ? 0 : port < 32768 ? 1 : 2
  }
}
