// Reads of network byte order. The bounds are checked; the optimiser drops the checks behind a guard
// on `byteCount`.
extension RawSpan {
  @inline(__always)
  package func uint8(at offset: Int) -> UInt8 {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
  }

  @inline(__always)
  package func uint16(at offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  package func uint32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  package func uint64(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Up to eight bytes from `offset` on, as many as there are before `end`, then zeroes.
  @inline(__always)
  package func upToEightBytes(at offset: Int, before end: Int) -> UInt64 {
    if end &- offset >= 8 { return uint64(at: offset) }
    return end > offset ? fewBytes(at: offset, before: end) : 0
  }

  @inline(never)
  private func fewBytes(at offset: Int, before end: Int) -> UInt64 {
    var bytes: UInt64 = 0
    for index in 0..<8 where offset + index < end {
      bytes |= UInt64(uint8(at: offset + index)) << UInt64(56 - 8 * index)
    }
    return bytes
  }

  /// A number in the byte order of the machine that wrote the capture, here taken as little-endian.
  @inline(__always)
  package func littleEndianUInt16(at offset: Int) -> UInt16 {
    UInt16(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  package func littleEndianUInt32(at offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}

/// Lends the bytes of an array to `body`.
package func withBytes<Result>(
  of array: [UInt8], _ body: (RawSpan) throws -> Result
) rethrows -> Result {
  try unsafe array.withUnsafeBytes { try body(unsafe RawSpan(_unsafeBytes: $0)) }
}
