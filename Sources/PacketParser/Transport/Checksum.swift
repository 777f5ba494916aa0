/// The Internet checksum of a TCP segment (RFC 1071; RFC 9293 §3.1).
enum Checksum {
  /// Judges the checksum of a TCP segment that was captured whole.
  ///
  /// - Parameters:
  ///   - bytes: The segment, and whatever stands around it.
  ///   - start: Where in `bytes` its TCP header begins.
  ///   - length: The length of TCP header and payload.
  ///   - addresses: What `sumOfAddresses` gave for it.
  ///   - field: The checksum it has.
  /// - Returns: Anything but `.unverified`.
  // Apart from the header, so that segments that cannot be verified do not pay for its registers.
  @inline(never)
  static func verify(
    _ bytes: RawSpan, at start: Int, length: Int, addresses: UInt64, field: UInt16
  ) -> ChecksumStatus {
    // The protocol is 6.
    let withoutLength = addresses &+ 6
    let pseudoHeader = withoutLength &+ UInt64(truncatingIfNeeded: length)
    // Sums of 16-bit words do not mind the order of bytes (RFC 1071 §2 B): turned once, at the end.
    let words = bytes.sumOfWords(at: start, length: length).byteSwapped
    // The sum of a segment with a right checksum is all ones.
    if folded(pseudoHeader &+ halves(words)) == 0xffff { return .correct }
    return isOffloaded(field, pseudoHeader, withoutLength) ? .offloaded : .wrong
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
  static func sumOfAddresses(of segment: borrowing Segment) -> UInt64 {
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
