public import PacketParser

/// One end of a connection: what it has sent, acknowledged and offered.
///
/// What a handshake or a close touches is in `EndpointHistory`, what a loss does in
/// `EndpointIrregularities`.
public struct Endpoint: Sendable {
  private let position: EndpointPosition
  private let traffic: EndpointTraffic

  init(_ position: EndpointPosition, _ traffic: EndpointTraffic) {
    self.position = position
    self.traffic = traffic
  }

  /// Frames that hold a segment of this end, duplicates included.
  public var packets: UInt64 { traffic.packets }
  /// IP bytes in them.
  public var bytes: UInt64 { traffic.bytes }
  /// TCP payload bytes in them, repeated ones included.
  public var payload: UInt64 { traffic.payload }
  /// Every flag that was set in some segment of this end.
  public var flagsSeen: TCPFlags { traffic.flagsSeen }
  /// The last window offered, in bytes: scaled where the scale is known.
  public var window: UInt32 { traffic.window }
  /// The largest window offered so far, in bytes.
  public var windowMaximum: UInt32 { traffic.windowMaximum }
  /// The shift that applies to windows after the handshake (RFC 7323 §2.2).
  public var windowShift: UInt8 { position.windowShift }

  /// The sequence number after the highest one sent (SND.NXT as far as it was seen).
  public var next: SequenceNumber { position.next }
  /// The highest acknowledgment number sent: the peer's bytes below it have arrived.
  public var acknowledged: SequenceNumber { position.acknowledged }
  public var knows: Knowledge { position.knows }
  /// `nil` as long as nothing tells.
  public var state: EndpointState? { position.state }

  /// What is known of an endpoint: every sequence number is legal, so none can mean "unseen".
  public struct Knowledge: OptionSet, BitwiseCopyable, Sendable {
    public var rawValue: UInt16

    public init(rawValue: UInt16) {
      self.rawValue = rawValue
    }

    public static let initialSequence = Knowledge(rawValue: 1 << 0)
    public static let next = Knowledge(rawValue: 1 << 1)
    public static let acknowledged = Knowledge(rawValue: 1 << 2)
    /// It sent a FIN.
    public static let fin = Knowledge(rawValue: 1 << 4)
    /// Its FIN reached the peer: everything before it was seen, or the peer acknowledged it.
    public static let finDelivered = Knowledge(rawValue: 1 << 5)
    /// The peer acknowledged its FIN.
    public static let finAcknowledged = Knowledge(rawValue: 1 << 6)
    /// The peer acknowledged its SYN.
    public static let synAcknowledged = Knowledge(rawValue: 1 << 7)
    /// Bytes are missing below `next`; `EndpointIrregularities` knows which.
    public static let holes = Knowledge(rawValue: 1 << 8)
    /// It was in LISTEN before it answered the SYN.
    public static let openedPassively = Knowledge(rawValue: 1 << 9)
    /// It sent a SYN without ACK.
    public static let sentSYN = Knowledge(rawValue: 1 << 3)
    public static let sentSYNACK = Knowledge(rawValue: 1 << 11)
    /// One of its states is only presumed: its next segment may confirm or refute it.
    public static let awaitsProof = Knowledge(rawValue: 1 << 12)
    /// Its FIN did not reach the peer when it was seen on its way: only a repeat delivers it.
    public static let lostFIN = Knowledge(rawValue: 1 << 13)
    /// The checksum of its SYN or FIN was correct, so no network card was left to compute it.
    public static let correctChecksums = Knowledge(rawValue: 1 << 14)
    /// Both window scales were seen in SYNs, or were seen to be missing.
    public static let windowShift = Knowledge(rawValue: 1 << 10)
    /// Some frame held a segment of it.
    public static let hasSent = Knowledge(rawValue: 1 << 15)
  }
}
