/// The Internet checksum of a TCP segment (RFC 1071; RFC 9293 §3.1).
enum Checksum {
  /// Judges the checksum of a TCP segment that was captured whole.
  ///
  /// - Parameters:
  ///   - bytes: The TCP header and the payload.
  ///   - segment: Where the addresses and the checksum field have been read into.
  /// - Returns: Anything but `.unverified`.
  // Apart from the header, so that segments that cannot be verified do not pay for its registers.
  @inline(never)
  static func verify(_ bytes: RawSpan, of segment: Segment) -> ChecksumStatus {
    let withoutLength = pseudoHeaderSum(of: segment)
    let pseudoHeader = folded(withoutLength &+ UInt64(truncatingIfNeeded: bytes.byteCount))
    // The sum of a segment with a right checksum is all ones, in whichever order of bytes.
    if folded(bytes.sumOfWords() &+ UInt64(pseudoHeader.byteSwapped)) == 0xffff { return .correct }
    // The card is to add the rest to the sum of the pseudo-header; where it also cuts the segment
    // to size, some drivers leave the length to it.
    let field = segment.checksum
    return field == pseudoHeader || field == folded(withoutLength) ? .offloaded : .wrong
  }

  /// The sum of the pseudo-header without the length: addresses and protocol.
  @inline(__always)
  private static func pseudoHeaderSum(of segment: Segment) -> UInt64 {
    6 &+ halves(segment.sourceHigh) &+ halves(segment.sourceLow)
      &+ halves(segment.destinationHigh) &+ halves(segment.destinationLow)
  }

  @inline(__always)
  private static func halves(_ word: UInt64) -> UInt64 {
    (word >> 32) &+ (word & 0xffff_ffff)
  }

  /// A sum of 32-bit words as the one's complement sum of their 16-bit halves.
  @inline(__always)
  static func folded(_ sum: UInt64) -> UInt16 {
    var sum = halves(sum)
    sum = (sum >> 16) &+ (sum & 0xffff)
    sum = (sum >> 16) &+ (sum & 0xffff)
    sum = (sum >> 16) &+ (sum & 0xffff)
    return UInt16(truncatingIfNeeded: sum)
  }
}
