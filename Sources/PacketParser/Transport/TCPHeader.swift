//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------------------------------+-------------------------------+
// |          Source Port          |       Destination Port        |
// +-------------------------------+-------------------------------+
// |                        Sequence Number                        |
// +---------------------------------------------------------------+
// |                     Acknowledgment Number                     |
// +-------+-----+-----------------+-------------------------------+
// |Offset | Rsv |A C E U A P R S F|            Window             |
// |       |     |E W C R C S S Y I|                               |
// |       |     |  R E G K H T N N|                               |
// +-------+-----+-----------------+-------------------------------+
// |           Checksum            |         Urgent Pointer        |
// +-------------------------------+-------------------------------+
// |                      Options, padding                         |
// +---------------------------------------------------------------+
/// The TCP header (RFC 9293 §3.1; AE: RFC 9768).
enum TCPHeader {
  @inline(__always)
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, verifyingChecksum: Bool, into segment: inout Segment
  ) -> Step {
    guard bytes.byteCount >= 20 else { return walk.lacks(20) }
    let headerLength = length(bytes, at: 0)
    guard headerLength >= 20, headerLength <= walk.wireLength else { return .stop(.malformed) }
    walk.headerLength = headerLength

    readFields(bytes, at: 0, into: &segment)
    segment.headerLength = UInt8(truncatingIfNeeded: headerLength)

    let capturedLength = min(bytes.byteCount, walk.wireLength)
    segment.payloadLength = UInt32(truncatingIfNeeded: walk.wireLength &- headerLength)
    segment.capturedPayloadLength = UInt32(
      truncatingIfNeeded: max(0, capturedLength &- headerLength))
    let optionsEnd = min(headerLength, capturedLength)
    segment.options.read(bytes, from: 20, to: optionsEnd, isWhole: optionsEnd == headerLength)

    segment.payloadStart = bytes.upToEightBytes(at: headerLength, before: capturedLength)
    segment.payloadSum = 0
    var traits = walk.traits
    segment.checksumStatus = .unverified
    if capturedLength < walk.wireLength {
      traits.insert(.truncated)
      if capturedLength < headerLength { traits.insert(.optionsTruncated) }
    } else if verifyingChecksum, !traits.contains(.lengthExceedsFrame) {
      Checksum.verify(bytes, at: 0, into: &segment)
    }
    segment.traits = traits
    segment.noteHeader(reservedBits: reservedBits(bytes, at: 0))
    return .segment
  }

  /// The length that the header at `start` says it has, in bytes.
  @inline(__always)
  static func length(_ bytes: RawSpan, at start: Int) -> Int {
    Int(bytes.uint8(at: start &+ 12) >> 4) &* 4
  }

  @inline(__always)
  static func reservedBits(_ bytes: RawSpan, at start: Int) -> UInt8 {
    bytes.uint8(at: start &+ 12) & 0x0e
  }

  /// Reads the fields of the header at `start`, but for its length and the options.
  @inline(__always)
  static func readFields(_ bytes: RawSpan, at start: Int, into segment: inout Segment) {
    segment.sourcePort = bytes.uint16(at: start)
    segment.destinationPort = bytes.uint16(at: start &+ 2)
    segment.sequence = SequenceNumber(bytes.uint32(at: start &+ 4))
    segment.acknowledgment = SequenceNumber(bytes.uint32(at: start &+ 8))
    segment.flags = TCPFlags(rawValue: bytes.uint16(at: start &+ 12) & 0x01ff)
    segment.window = bytes.uint16(at: start &+ 14)
    segment.checksum = bytes.uint16(at: start &+ 16)
    segment.urgentPointer = bytes.uint16(at: start &+ 18)
  }
}
