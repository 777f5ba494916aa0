public import PacketParser

/// How an endpoint was opened and closed.
public struct EndpointHistory: Sendable {
  private let record: ConnectionRecord
  private let end: Int

  init(_ record: ConnectionRecord, _ side: Side) {
    self.record = record
    end = Int(side.rawValue)
  }

  public var timeline: Timeline { Timeline(record, end) }
  /// What the SYN (or SYN-ACK) offered.
  public var offer: HandshakeOffer? { record.history.ends[end].offer }
  /// The first sequence number, that of the SYN (`isn`), where `Endpoint.knows` says that it was
  /// seen.
  public var initialSequence: SequenceNumber { record.history.ends[end].initialSequence }
  /// The latest segment towards this end that did not arrive, or that it ignored, as its own segments
  /// have shown since.
  public var lost: FrameMark? { record.history.milestones[record.history.ends[end].lost] }
  /// How many such segments there were.
  public var losses: Int { Int(record.history.ends[end].losses) }
  /// The first FIN.
  public var fin: FrameMark? { record.history.milestones[record.history.ends[end].fin] }
}

/// What only a handshake or a close touches of an endpoint, as it lies in the table.
struct EndpointRecord: BitwiseCopyable {
  var initialSequence = SequenceNumber(0)
  /// The sequence number of the FIN itself.
  var finSequence = SequenceNumber(0)
  /// The peer's number when it acknowledged the FIN of this end, or when this end sent a RST: what
  /// lies beyond it was sent after that.
  var peerSent = SequenceNumber(0)
  var offer: HandshakeOffer?
  var fin = Milestone.none
  var lost = Milestone.none
  /// The losses, and in the highest bit what is said of the acknowledgment.
  private var packed: UInt8 = 0
  var states = StateEntries()

  var losses: UInt8 {
    get { packed & 0x7f }
    set { packed = packed & 0x80 | min(newValue, 0x7f) }
  }

  /// The segment that acknowledged the FIN had payload.
  var ackOfFINHasData: Bool {
    get { packed & 0x80 != 0 }
    set { packed = packed & 0x7f | (newValue ? 0x80 : 0) }
  }
}

/// The options of a SYN that the rest of the connection depends on.
public struct HandshakeOffer: BitwiseCopyable, Sendable {
  /// Payload bytes on the SYN itself (RFC 9293 §3.4, RFC 7413).
  public var payload: UInt32
  /// The options that were there; the values below mean something only with them.
  public var present: TCPOptionSet
  public var maximumSegmentSize: UInt16
  public var windowScale: UInt8
  public var fastOpenCookieLength: UInt8

  init(_ segment: Segment) {
    present = segment.options.present
    maximumSegmentSize = segment.options.maximumSegmentSize
    windowScale = segment.options.windowScale
    payload = segment.payloadLength
    fastOpenCookieLength = segment.options.fastOpenCookieLength
  }
}
