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
      var lanes = SIMD4<UInt64>()
      repeat {
        lanes &+= halvesAdded(of: SIMD4<UInt64>.self, at: offset)
        offset &+= 32
      } while offset < wideEnd
      sum = lanes.wrappedSum()
    }
    if length & 16 != 0 {
      sum &+= halvesAdded(of: SIMD2<UInt64>.self, at: offset).wrappedSum()
      offset &+= 16
    }
    if length & 15 == 0 { return sum }
    if length & 8 != 0 {
      sum &+= UInt64(unchecked(UInt32.self, at: offset))
      sum &+= UInt64(unchecked(UInt32.self, at: offset &+ 4))
      offset &+= 8
    }
    if length & 4 != 0 {
      sum &+= UInt64(unchecked(UInt32.self, at: offset))
      offset &+= 4
    }
    if length & 2 != 0 {
      sum &+= UInt64(unchecked(UInt16.self, at: offset))
      offset &+= 2
    }
    if length & 1 != 0 { sum &+= UInt64(unchecked(UInt8.self, at: offset)) }
    return sum
  }

  /// The two halves of each 64-bit lane, added up.
  @inline(__always)
  private func halvesAdded<Lanes: SIMD & BitwiseCopyable>(
    of type: Lanes.Type, at offset: Int
  ) -> Lanes where Lanes.Scalar == UInt64 {
    let words = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
    return (words & Lanes(repeating: 0xffff_ffff)) &+ (words &>> 32)
  }

  @inline(__always)
  private func unchecked<Word: FixedWidthInteger & BitwiseCopyable>(
    _ type: Word.Type, at offset: Int
  ) -> Word {
    Word(littleEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type))
  }
}
