public import FlowTracker
public import PacketParser

/// A connection that is over, as a plain value.
///
/// Every output renders this.
public struct ConnectionReport: Sendable {
  /// The connection's number in its capture, from 1, in the order in which connections were met.
  public var number: Int
  public var client: SocketAddress
  public var server: SocketAddress
  public var rolesEvidence: RolesEvidence
  /// Who sent the first segment.
  public var firstSender: Side
  /// Which connection of its two socket addresses it is, from 1.
  public var incarnation: Int
  /// What the first segment was wrapped in, outermost first.
  public var encapsulation: [EncapsulationLayer]
  public var first: FrameMark
  public var last: FrameMark
  public var handshake: Handshake
  public var close: Close
  public var endReason: EndReason
  private var clientSide: SideReport
  private var serverSide: SideReport
  /// Wireshark's `tcp.completeness` of the stream.
  public var wiresharkCompleteness: Int
  /// IPFIX information element 136 (RFC 5102 §5.11.3): why the flow ended.
  public var ipfixFlowEndReason: Int
  /// The remarkable frames, in order; `nil` when they were not asked for.
  public var frames: [LabelledFrame]?

  /// How the connection was closed.
  public struct Close: Sendable {
    public var kind: Closing.Kind
    public var outcome: Closing.Outcome
    /// Whose FIN was captured first.
    public var first: Side?
    /// The reset that was accepted, and who sent it.
    public var reset: (mark: FrameMark, by: Side)?
  }

  /// What one side did.
  public subscript(side: Side) -> SideReport {
    side == .client ? clientSide : serverSide
  }

  /// Nanoseconds from the first segment to the last.
  public var durationNanoseconds: Int64 {
    max(0, last.time.nanoseconds(since: first.time))
  }
}

/// What one side of a connection did.
public struct SideReport: Sendable {
  /// Every state it was in, in order.
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
  public var repeatedPackets: UInt32
  public var repeatedBytes: UInt64
  public var outOfOrderPackets: UInt32
  public var duplicateFrames: UInt32
  /// Bytes that the peer acknowledged and the capture does not have.
  public var gaps: UInt32
  public var gapBytes: UInt64
  public var zeroWindows: UInt32
  /// The largest window offered, in bytes: scaled where the scale is known.
  public var windowMaximum: UInt32
  /// The shift in force; `nil` when a SYN was not captured, so that windows are not scaled here.
  public var windowShift: UInt8?
}

extension ConnectionReport {
  init(
    _ connection: borrowing Connection, encapsulation: [EncapsulationLayer],
    frames: [LabelledFrame]?
  ) {
    self.frames = frames
    number = connection.number
    client = connection.client
    server = connection.server
    rolesEvidence = connection.rolesEvidence
    firstSender = connection.firstSender
    incarnation = Int(connection.incarnation)
    self.encapsulation = encapsulation
    first = connection.first
    last = connection.last
    handshake = connection.handshake
    close = Close(
      kind: connection.closeKind, outcome: connection.closeOutcome, first: connection.closing.first,
      reset: connection.closing.reset.map { [by = connection.closing.resetBy] in ($0, by) })
    endReason = connection.endReason
    clientSide = SideReport(.client, of: connection)
    serverSide = SideReport(.server, of: connection)
    wiresharkCompleteness = connection.wiresharkCompleteness
    ipfixFlowEndReason = Self.ipfixReason(of: connection)
  }

  private static func ipfixReason(of connection: borrowing Connection) -> Int {
    let endOfFlow = connection.stage == .closed
    return switch connection.endReason {
    case _ where endOfFlow: 3  // end of flow detected
    case .closed: 3
    case .idle: 1  // idle timeout
    case .captureEnded: 4  // forced end
    case .tableFull: 5  // lack of resources
    case .replaced: 3
    }
  }
}

extension SideReport {
  init(_ side: Side, of connection: borrowing Connection) {
    let end = connection[side]
    let history = connection[history: side]
    states = history.timeline
    offer = history.offer
    fin = history.fin
    packets = end.packets
    bytes = end.bytes
    payload = end.payload
    uniquePayload = end.payload - min(end.payload, history.repeatedBytes)
    repeatedPackets = history.repeatedPackets
    repeatedBytes = history.repeatedBytes
    outOfOrderPackets = history.outOfOrderPackets
    duplicateFrames = history.duplicateFrames
    gaps = history.gaps
    gapBytes = history.gapBytes
    zeroWindows = history.zeroWindows
    windowMaximum = end.windowMaximum
    windowShift = end.knows.contains(.windowShift) ? end.windowShift : nil
  }
}
