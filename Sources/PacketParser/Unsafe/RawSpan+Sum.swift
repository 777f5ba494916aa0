extension RawSpan {
  /// A sum of `length` bytes from `start` on that is, modulo 2¹⁶ − 1, the sum of its little-endian
  /// 16-bit words, the last one filled with a zero; 0 only if all of them are.
  ///
  /// 32 bytes a turn, each half of a 64-bit lane added apart, so that no carry is ever lost: 2³²
  /// words fit. What is left is 16 bytes, 8, 4, 2 and 1, as the bits of the length say.
  @inline(__always)
  package func sumOfWords(at start: Int, length: Int) -> UInt64 {
    precondition(start >= 0 && length >= 0 && length <= byteCount &- start)
    var sum: UInt64 = 0
    var offset = start
    if length >= 32 {
      let wideEnd = start &+ (length & ~31)
      let lowHalves = SIMD4<UInt64>(repeating: 0xffff_ffff)
      var lanes = SIMD4<UInt64>()
      repeat {
        let words = unsafe unsafeLoadUnaligned(
          fromUncheckedByteOffset: offset, as: SIMD4<UInt64>.self)
        lanes &+= (words & lowHalves) &+ (words &>> 32)
        offset &+= 32
      } while offset < wideEnd
      sum = lanes.wrappedSum()
    }
    if length & 16 != 0 {
      sum &+= word(UInt32.self, at: offset) &+ word(UInt32.self, at: offset &+ 4)
      sum &+= word(UInt32.self, at: offset &+ 8) &+ word(UInt32.self, at: offset &+ 12)
      offset &+= 16
    }
    if length & 15 == 0 { return sum }
    if length & 8 != 0 {
      sum &+= word(UInt32.self, at: offset) &+ word(UInt32.self, at: offset &+ 4)
      offset &+= 8
    }
    if length & 4 != 0 {
      sum &+= word(UInt32.self, at: offset)
      offset &+= 4
    }
    if length & 2 != 0 {
      sum &+= word(UInt16.self, at: offset)
      offset &+= 2
    }
    if length & 1 != 0 { sum &+= word(UInt8.self, at: offset) }
    return sum
  }

  /// A little-endian word whose bounds the caller has looked at.
  @inline(__always)
  private func word<Word: FixedWidthInteger & BitwiseCopyable>(
    _ type: Word.Type, at offset: Int
  ) -> UInt64 {
    let word = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
    return UInt64(truncatingIfNeeded: Word(littleEndian: word))
  }
}
