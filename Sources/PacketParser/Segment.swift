/// One TCP segment as the capture shows it: the flat value that leaves the parser.
///
/// It holds no pointer and nothing reference-counted. Addresses are kept as plain words, since a
/// queue of segments is what the tracker reads ahead of; `source` and `destination` give them shape.
public struct Segment: BitwiseCopyable, Sendable {
  /// The number of the frame that held it (of its last fragment), from 1.
  public var frame: Int = 0
  public var time = Timestamp(nanoseconds: 0)

  public var sourceHigh: UInt64 = 0
  public var sourceLow: UInt64 = 0
  public var destinationHigh: UInt64 = 0
  public var destinationLow: UInt64 = 0
  public var sourcePort: UInt16 = 0
  public var destinationPort: UInt16 = 0

  public var sequence = SequenceNumber(0)
  /// Meaningful only with `TCPFlags.ack`.
  public var acknowledgment = SequenceNumber(0)
  public var flags: TCPFlags = []
  /// The window field as it stands, before scaling.
  public var window: UInt16 = 0
  public var urgentPointer: UInt16 = 0
  public var checksum: UInt16 = 0

  /// Payload bytes that the IP header declares, captured or not.
  public var payloadLength: UInt32 = 0
  /// Payload bytes that were captured.
  public var capturedPayloadLength: UInt32 = 0
  /// The first eight bytes of the payload, as far as they were captured, then zeroes.
  public var payloadStart: UInt64 = 0
  /// Bytes of the whole IP packet: IP headers, TCP header, payload.
  public var packetLength: UInt32 = 0
  /// The IPv4 identification field; 0 for IPv6.
  public var identification: UInt16 = 0
  /// What the frame was wrapped in; `FrameDecoder.layers(of:)` tells.
  public var encapsulation = EncapsulationID.none
  public var ipVersion = IPVersion.v4
  /// Time to live, or hop limit.
  public var hopLimit: UInt8 = 0
  /// Bytes of the TCP header, options included.
  public var headerLength: UInt8 = 0
  public var checksumStatus = ChecksumStatus.unverified
  /// The one's complement sum of the payload (RFC 1071) where its checksum was verified, so that all of it
  /// was captured; else 0.
  public var payloadSum: UInt16 = 0
  public var traits: SegmentTraits = []
  public var options = TCPOptions()
  /// The number of the interface that the frame was captured on, by the host that captured it, where frames tell
  /// it (LINKTYPE_LINUX_SLL2); else 0.
  public var interface: UInt32 = 0

  public init() {}
}

/// What verifying a TCP checksum gave (RFC 9293 §3.1).
public enum ChecksumStatus: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// The segment was not captured whole, so it could not be verified.
  case unverified
  case correct
  /// The field holds the sum of the pseudo-header alone: the network card was to finish it.
  case offloaded
  case wrong
}

/// What else is worth knowing of a segment.
public struct SegmentTraits: OptionSet, BitwiseCopyable, Sendable {
  public var rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The frame was captured shorter than it was on the wire, and the segment with it.
  public static var truncated: SegmentTraits { SegmentTraits(rawValue: 1 << 0) }
  /// The datagram came in fragments; the segment stands at the last one's frame.
  public static var reassembled: SegmentTraits { SegmentTraits(rawValue: 1 << 1) }
  /// The IP header says length 0 (segmentation offload): the length is the frame's.
  public static var lengthFromFrame: SegmentTraits { SegmentTraits(rawValue: 1 << 2) }
  /// The IP header declares more bytes than the frame had on the wire.
  public static var lengthExceedsFrame: SegmentTraits { SegmentTraits(rawValue: 1 << 3) }
  /// The capture ends inside the TCP options, so some may be missing.
  public static var optionsTruncated: SegmentTraits { SegmentTraits(rawValue: 1 << 4) }
  /// One of the three reserved bits is set (RFC 9293 §3.1; AE is none of them, RFC 9768).
  public static var reservedBits: SegmentTraits { SegmentTraits(rawValue: 1 << 5) }
  /// Something in the header is unlike that of nearly all others: a reserved bit, an urgent pointer, an
  /// option that is malformed or belongs to a SYN, an acknowledgment number without ACK.
  public static var unusualHeader: SegmentTraits { SegmentTraits(rawValue: 1 << 6) }
}

extension Segment {
  public var source: SocketAddress {
    SocketAddress(
      address: IPAddress(high: sourceHigh, low: sourceLow, version: ipVersion), port: sourcePort)
  }

  /// The connection's end: behind a source route that is under way, its last stop and not the next.
  public var destination: SocketAddress {
    SocketAddress(
      address: IPAddress(high: destinationHigh, low: destinationLow, version: ipVersion),
      port: destinationPort)
  }

  /// Notes whether a header is unusual, of which `reservedBits` are those that are set and the other
  /// fields are known.
  @inline(__always)
  public mutating func noteHeader(reservedBits: UInt8) {
    // As nearly all are.
    if flags.intersection([.ack, .syn]) == .ack, UInt16(reservedBits) | urgentPointer == 0,
      options.present.isSubset(of: .timestamps)
    {
      return
    }
    inspectHeader(reservedBits: reservedBits)
  }

  @inline(never)
  private mutating func inspectHeader(reservedBits: UInt8) {
    let misplaced = flags.contains(.syn) ? TCPOptionSet.malformed : .misplacedWithoutSYN
    let isUsual =
      reservedBits == 0 && urgentPointer == 0 && options.present.isDisjoint(with: misplaced)
      && (flags.contains(.ack) || acknowledgment == SequenceNumber(0))
    guard !isUsual else { return }
    traits.insert(reservedBits == 0 ? .unusualHeader : [.unusualHeader, .reservedBits])
  }

  /// The sequence numbers that the segment takes: its payload, and one each for SYN and FIN
  /// (SEG.LEN, RFC 9293 §3.4).
  @inline(__always)
  public var sequenceLength: UInt32 {
    payloadLength &+ (flags.contains(.syn) ? 1 : 0) &+ (flags.contains(.fin) ? 1 : 0)
  }

  /// The sequence number after the last one that the segment takes.
  @inline(__always)
  public var sequenceEnd: SequenceNumber {
    sequence + sequenceLength
  }
}
