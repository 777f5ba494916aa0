public import FlowTracker
public import PacketParser

/// A connection that is over, or as it stands, as a plain value.
///
/// Every output renders this.
public struct ConnectionReport: Sendable {
  private let connection: Connection
  private let surroundings: Surroundings
  /// What the first segment was wrapped in, outermost first.
  public let encapsulation: [EncapsulationLayer]
  /// The remarkable frames, in order; `nil` when they were not asked for.
  public let frames: FrameLabels?
  /// Its segments; `nil` when they were not asked for.
  public let segments: SegmentLog?
  /// What there is to say of it, the worst first.
  public internal(set) var findings: [Finding] = []

  init(
    _ connection: Connection, in surroundings: Surroundings, encapsulation: [EncapsulationLayer],
    frames: FrameLabels?, segments: SegmentLog? = nil
  ) {
    self.connection = connection
    self.surroundings = surroundings
    self.encapsulation = encapsulation
    self.frames = frames
    self.segments = segments
    findings = FindingCatalogue.findings(
      of: Subject(self, connection, surroundings), isOrdinary: connection.isOrdinary)
  }

  /// The connection's number in its capture, from 1, in the order in which connections were met.
  public var number: Int { connection.number }
  public var client: SocketAddress { connection.client }
  public var server: SocketAddress { connection.server }
  /// Both ends have one address and port, and the handshake was completed: a socket that is connected
  /// to itself (RFC 9293 §3.5, figure 7, with one end for both).
  public var isOneSocket: Bool { client == server && handshake.outcome == .complete }
  public var rolesEvidence: RolesEvidence { connection.rolesEvidence }
  /// Who sent the first segment.
  public var firstSender: Side { connection.firstSender }
  /// Which connection of its two socket addresses it is, from 1.
  public var incarnation: Int { connection.incarnation }
  /// Where it was captured; `nil` where nothing tells.
  public var vantage: Vantage? { connection.vantage }
  public var first: FrameMark { connection.first }
  public var last: FrameMark { connection.last }
  public var handshake: Handshake { connection.handshake }
  public var endReason: EndReason { connection.endReason }

  /// Nanoseconds from the first segment to the last; `nil` if the capture's clock ran backwards.
  public var durationNanoseconds: Int64? {
    let nanoseconds = last.time.nanoseconds(since: first.time)
    return nanoseconds < 0 ? nil : nanoseconds
  }

  /// Nanoseconds for which the capture went on after the last segment, as far as it was read when the
  /// connection was put away.
  public var captureWentOnNanoseconds: Int64 {
    surroundings.until.nanoseconds(since: last.time)
  }

  /// When the next reply is overdue that an end owes, if one does that is not overdue yet.
  var nextReplyDue: Timestamp? {
    Side.allCases.compactMap { connection.outstandingReply(of: $0)?.due }
      .filter { $0 >= surroundings.until }.min()
  }

  /// The capture could not be read to its end, and the connection was open then.
  public var isCut: Bool { surroundings.isCut }

  /// Only one end was captured, although the connection went on.
  public var isOneSided: Bool {
    !isOneSocket
      && Side.allCases.contains {
        connection[$0].packets == 0 && connection[$0.peer].packets > 0
          && connection[$0.peer].knows.contains(.acknowledged)
          && connection[$0.peer].acknowledged != connection[history: $0].initialSequence + 1
      }
  }

  /// Whether any payload was captured.
  package var hasPayload: Bool {
    connection[.client].payload > 0 || connection[.server].payload > 0
  }

  /// How the connection was closed.
  public struct Close: Sendable {
    public var kind: Closing.Kind
    public var outcome: Closing.Outcome
    /// Whose FIN was captured first.
    public var first: Side?
    /// The reset that was accepted, and who sent it.
    public var reset: (mark: FrameMark, by: Side)?

    init(of connection: Connection) {
      let closing = connection.closing
      (kind, outcome, first) = (closing.kind, closing.outcome, closing.first)
      reset = closing.reset.map { ($0, closing.resetBy) }
    }
  }

  public var close: Close { Close(of: connection) }

  /// What one side did.
  public subscript(side: Side) -> SideReport {
    SideReport(side, of: connection)
  }

  /// Wireshark's `tcp.completeness` of the stream.
  public var wiresharkCompleteness: Int { connection.wiresharkCompleteness }

  /// IPFIX information element 136 (RFC 5102 §5.11.3): why the flow ended.
  public var ipfixFlowEndReason: Int {
    if connection.stage == .closed { return 3 }  // end of flow detected
    return switch connection.endReason {
    case .closed, .replaced: 3
    case .idle: 1  // idle timeout
    case .captureEnded: 4  // forced end
    case .tableFull, .tooManyHalfOpen: 5  // lack of resources
    }
  }
}

/// What one side of a connection did.
public struct SideReport: Sendable {
  /// The states it was in, in order; of very many, the first and the latest.
  public var states: Timeline
  /// What its SYN (or SYN-ACK) offered; `nil` when that was not captured.
  public var offer: HandshakeOffer?
  /// The first FIN.
  public var fin: FrameMark?
  public var packets: UInt64
  /// IP bytes.
  public var bytes: UInt64
  /// TCP payload bytes, repeated ones included.
  public var payload: UInt64
  /// TCP payload bytes, each counted once.
  public var uniquePayload: UInt64
  public var repeatedPackets: UInt32 = 0
  public var repeatedBytes: UInt64 = 0
  public var outOfOrderPackets: UInt32 = 0
  public var duplicateFrames: UInt32 = 0
  /// Acknowledgments of the same bytes again, with more outstanding (RFC 5681 §2).
  public var duplicateACKs: UInt32 = 0
  /// Bytes that the peer acknowledged and the capture does not have.
  public var gaps: UInt32 = 0
  public var gapBytes: UInt64 = 0
  /// Segments that offered no window.
  public var zeroWindows: UInt32 = 0
  public var shutWindow = ShutWindow()
  /// The largest window offered, in bytes: scaled where the scale is known; `nil` when none was.
  public var windowMaximum: UInt32?
  /// The shift in force; `nil` when a SYN was not captured, so that windows are not scaled here.
  public var windowShift: UInt8?
  /// How long its payload took to be acknowledged, and how much was under way; `nil` where that was not
  /// measured.
  public var roundTrips: RoundTrips?
}

extension SideReport {
  init(_ side: Side, of connection: Connection) {
    let end = connection[side]
    let history = connection[history: side]
    states = history.timeline
    offer = history.offer
    fin = history.fin
    packets = end.packets
    bytes = end.bytes
    payload = end.payload
    uniquePayload = end.payload
    windowMaximum = end.windowMaximum > 0 ? end.windowMaximum : nil
    windowShift = end.knows.contains(.windowShift) ? end.windowShift : nil
    roundTrips = connection.roundTrips(of: side)
    if connection.isIrregular { add(connection[irregularities: side]) }
  }

  private mutating func add(_ irregularities: EndpointIrregularities) {
    uniquePayload -= min(payload, irregularities.redundantBytes)
    repeatedPackets = irregularities.repeatedPackets
    repeatedBytes = irregularities.repeatedBytes
    outOfOrderPackets = irregularities.outOfOrderPackets
    duplicateFrames = irregularities.duplicateFrames
    duplicateACKs = irregularities.duplicateACKs
    gaps = irregularities.gaps
    gapBytes = irregularities.gapBytes
    zeroWindows = irregularities.zeroWindows
    shutWindow = irregularities.shutWindow
    // None but shut ones was offered.
    if zeroWindows > 0, windowMaximum == nil { windowMaximum = 0 }
  }
}
