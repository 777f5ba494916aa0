public import PacketParser

/// How an endpoint was opened and closed.
public struct EndpointHistory: Sendable {
  private let record: ConnectionRecord
  private let side: Side
  private var end: Int { Int(side.rawValue) }

  init(_ record: ConnectionRecord, _ side: Side) {
    self.record = record
    self.side = side
  }

  public var timeline: Timeline { Timeline(record, side) }
  /// What the SYN (or SYN-ACK) offered.
  public var offer: HandshakeOffer? { record.history.ends[end].offer }
  /// The first sequence number, that of the SYN (`isn`), where `Endpoint.knows` says that it was
  /// seen.
  public var initialSequence: SequenceNumber { record.history.ends[end].initialSequence }
  /// The latest segment towards this end that did not arrive, or that it ignored, as its own segments
  /// have shown since.
  public var lost: FrameMark? { record.frameMark(record.history.ends[end].lost) }
  /// How many such segments there were.
  public var losses: Int { Int(record.history.ends[end].losses) }
  /// The time to live or hop limit of its SYN, else of its FIN or the first segment of the connection;
  /// `nil` where none of them is its own.
  public var hopLimit: UInt8? { record.history.traces[end].hopLimit }
  /// The same of its first FIN.
  public var finHopLimit: UInt8? { record.history.traces[end].finHopLimit }
  /// Those two started from different values, as those of two systems do: one of the segments was made by
  /// something else in the name of this end.
  public var finIsForeign: Bool { record.history.traces[end].finIsForeign }
  /// The same of its latest RST; one that differs comes from elsewhere.
  public var resetHopLimit: UInt8? { record.history.traces[end].resetHopLimit }
  /// The kinds of checksums that its SYN, its FIN or the first segment of the connection had, without
  /// payload.
  public var checksums: ChecksumsSeen { record.history.traces[end].checksums }
  /// Payload bytes that it sent after it had acknowledged its peer's FIN.
  public var payloadAfterPeersFIN: Int { record.payloadAfterPeersFIN[end] }
  /// The sequence number of the FIN itself; meaningful only with `fin`.
  public var finSequence: SequenceNumber { record.history.ends[end].finSequence }
  /// The first FIN.
  public var fin: FrameMark? { record.frameMark(record.history.ends[end].fin) }
}

/// What only a handshake or a close touches of an endpoint, as it lies in the table.
struct EndpointRecord: BitwiseCopyable {
  var initialSequence = SequenceNumber(0)
  /// The sequence number of the FIN itself.
  var finSequence = SequenceNumber(0)
  /// The peer's number when it acknowledged the FIN: what lies beyond it was sent after that.
  var sentAfterACKOfFIN = SequenceNumber(0)
  var offer: HandshakeOffer?
  var fin = Milestone.none
  var lost = Milestone.none
  var losses: UInt8 = 0
  /// The segment that acknowledged the FIN had payload, or one after it.
  var ackOfFINHasData = false
  var states = StateEntries()
}

/// The options of a SYN that the rest of the connection depends on.
public struct HandshakeOffer: BitwiseCopyable, Sendable {
  /// The options that were there; the values below mean something only with them.
  public var present: TCPOptionSet
  public var maximumSegmentSize: UInt16
  public var windowScale: UInt8
  public var fastOpenCookieLength: UInt8
  /// The window field, which is never scaled (RFC 7323 §2.2).
  public var window: UInt16
  private var payloadLength: UInt16
  /// Three flags, and whether the options are incomplete.
  private var marks: UInt8

  init(_ segment: Segment) {
    present = segment.options.present
    maximumSegmentSize = segment.options.maximumSegmentSize
    windowScale = segment.options.windowScale
    payloadLength = UInt16(clamping: segment.payloadLength)
    fastOpenCookieLength = segment.options.fastOpenCookieLength
    window = segment.window
    marks = UInt8(segment.flags.rawValue >> Self.lowestCongestionFlag)
    if segment.traits.contains(.optionsTruncated) { marks |= Self.isCut }
  }

  /// Whether it has options of these kinds, or may have had them where the capture cut it.
  public func mayHave(_ options: TCPOptionSet) -> Bool {
    isCut || !present.isDisjoint(with: options)
  }

  /// Whether the capture has only a part of its options.
  var isCut: Bool { marks & Self.isCut != 0 }

  private static var isCut: UInt8 { 1 << 7 }

  /// The most payload that its end takes in a segment, if it has offered so little that hardly any stack
  /// does; less than 536 bytes nobody has to keep to (RFC 1122 §3.3.2).
  public var smallSegmentSize: UInt16? {
    takesSmallSegments ? max(maximumSegmentSize, 536) : nil
  }

  @inline(__always)
  var takesSmallSegments: Bool {
    present.contains(.maximumSegmentSize) && maximumSegmentSize < 1000
  }

  /// Payload bytes on the SYN itself (RFC 9293 §3.4, RFC 7413).
  public var payload: UInt32 { UInt32(payloadLength) }

  /// Those of ECE, CWR and AE that were set (RFC 3168 §6.1.1, RFC 9768 §3.1).
  public var congestion: TCPFlags {
    TCPFlags(rawValue: UInt16(marks & ~Self.isCut) << Self.lowestCongestionFlag)
  }

  /// They are the highest flags.
  private static var lowestCongestionFlag: Int { TCPFlags.ece.rawValue.trailingZeroBitCount }
}
