extension RawSpan {
  /// The sum of the bytes as little-endian 32-bit words, the last one filled with zeros.
  ///
  /// 32 bytes a turn, each half of a 64-bit lane added apart, so that no carry is ever lost: 2³²
  /// words fit.
  @inline(__always)
  package func sumOfWords() -> UInt64 {
    var lanes = SIMD4<UInt64>()
    let lowHalves = SIMD4<UInt64>(repeating: 0xffff_ffff)
    var offset = 0
    let wideEnd = byteCount & ~31
    while offset < wideEnd {
      let words = unsafe unsafeLoadUnaligned(
        fromUncheckedByteOffset: offset, as: SIMD4<UInt64>.self)
      lanes &+= (words & lowHalves) &+ (words &>> 32)
      offset &+= 32
    }

    var sum = lanes.wrappedSum()
    let wordEnd = byteCount & ~3
    while offset < wordEnd {
      sum &+= UInt64(littleEndianUInt32(at: offset))
      offset &+= 4
    }
    var shift: UInt64 = 0
    while offset < byteCount {
      sum &+= UInt64(uint8(at: offset)) &<< shift
      shift &+= 8
      offset &+= 1
    }
    return sum
  }
}
