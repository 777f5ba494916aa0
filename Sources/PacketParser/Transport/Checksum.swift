/// The Internet checksum of a TCP segment (RFC 1071; RFC 9293 §3.1).
enum Checksum {
  /// Judges the checksum of a TCP segment that was captured whole, of which the other fields are known, and
  /// notes the sum of its payload.
  ///
  /// - Parameters:
  ///   - bytes: The segment, and whatever stands around it.
  ///   - start: Where in `bytes` its TCP header begins.
  ///   - segment: Where the result goes.
  // Apart from the header, so that segments that cannot be verified do not pay for its registers.
  @inline(never)
  static func verify(
    _ bytes: RawSpan, at start: Int, into segment: inout Segment
  ) {
    let headerLength = Int(segment.headerLength)
    let payloadLength = Int(truncatingIfNeeded: segment.payloadLength)
    // The protocol is 6.
    let withoutLength = sumOfAddresses(of: segment) &+ 6
    let pseudoHeader =
      withoutLength &+ UInt64(truncatingIfNeeded: headerLength &+ payloadLength)
    // Sums of 16-bit words do not mind the order of bytes (RFC 1071 §2 B): turned once, at the end.
    let header = halves(bytes.sumOfWords(at: start, length: headerLength).byteSwapped)
    var payload: UInt64 = 0
    if payloadLength > 0 {
      payload = halves(
        bytes.sumOfWords(at: start &+ headerLength, length: payloadLength).byteSwapped)
      segment.payloadSum = folded(payload)
    }
    // The sum of a segment with a right checksum is all ones.
    if folded(pseudoHeader &+ header &+ payload) == 0xffff {
      segment.checksumStatus = .correct
    } else {
      let isOffloaded = isOffloaded(segment.checksum, pseudoHeader, withoutLength)
      segment.checksumStatus = isOffloaded ? .offloaded : .wrong
    }
  }

  /// Whether the checksum of a segment without payload is right, of which the header was captured and the two
  /// addresses of IPv4 stand right before it.
  ///
  /// Half of all segments are of that kind, and nearly all of them are right: it takes half the instructions
  /// of `verify`, which has to say what the others are.
  @inline(__always)
  static func isRightWithoutPayload(
    _ bytes: RawSpan, at start: Int, headerLength: Int
  ) -> Bool {
    var sum = UInt64(truncatingIfNeeded: headerLength) &+ 6
    sum &+= halves(bytes.uint64(at: start &- 8))
    sum &+= halves(bytes.uint64(at: start)) &+ halves(bytes.uint64(at: start &+ 8))
    sum &+= UInt64(bytes.uint32(at: start &+ 16))
    if headerLength == 32 {
      // With timestamps, as most have them.
      sum &+= halves(bytes.uint64(at: start &+ 20)) &+ UInt64(bytes.uint32(at: start &+ 28))
    } else {
      for offset in stride(from: 20, to: headerLength, by: 4) {
        sum &+= UInt64(bytes.uint32(at: start &+ offset))
      }
    }
    return folded(sum) == 0xffff
  }

  /// Whether a network card is to add the rest to the sum of the pseudo-header; where it also cuts
  /// the segment to size, some drivers leave the length to it.
  @inline(never)
  private static func isOffloaded(
    _ field: UInt16, _ pseudoHeader: UInt64, _ withoutLength: UInt64
  ) -> Bool {
    field == folded(pseudoHeader) || field == folded(withoutLength)
  }

  /// The sum of the addresses, which is most of the pseudo-header.
  @inline(__always)
  private static func sumOfAddresses(of segment: borrowing Segment) -> UInt64 {
    halves(segment.sourceHigh) &+ halves(segment.sourceLow)
      &+ halves(segment.destinationHigh) &+ halves(segment.destinationLow)
  }

  @inline(__always)
  private static func halves(_ word: UInt64) -> UInt64 {
    (word >> 32) &+ (word & 0xffff_ffff)
  }

  /// A sum of 32-bit words as the one's complement sum of their 16-bit halves.
  @inline(__always)
  static func folded(_ sum: UInt64) -> UInt16 {
    // A word and itself with its halves exchanged add up to the sum of the halves in its upper half,
    // with the carry from the lower half already in it.
    let word = UInt32(truncatingIfNeeded: (sum &+ (sum << 32 | sum >> 32)) >> 32)
    return UInt16(truncatingIfNeeded: (word &+ (word << 16 | word >> 16)) >> 16)
  }
}
