import Crypto
import FoundationEssentials

/// Text in UTF-8 that grows at its end, made of very many short pieces.
///
/// A string or an array of bytes asks at each of them whether it has one owner, and a record has hundreds.
@safe
struct RecordText: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity = 4096
  private(set) var count = 0

  /// The minute that was written last: what comes next is often in the same one, and nearly always of the same
  /// day.
  var latestMinute: Minute?

  init() {
    unsafe base = .allocate(byteCount: capacity, alignment: 1)
  }

  deinit {
    unsafe base.deallocate()
  }

  var bytes: [UInt8] { unsafe Array(UnsafeRawBufferPointer(start: base, count: count)) }

  /// Adds the text to what is in `bytes`.
  func append(to bytes: inout [UInt8]) {
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Forgets all but the first bytes.
  mutating func truncate(to count: Int) {
    precondition(0...self.count ~= count)
    self.count = count
  }

  subscript(index: Int) -> UInt8 {
    precondition(0..<count ~= index)
    return unsafe base.load(fromByteOffset: index, as: UInt8.self)
  }

  /// Whether any of the bytes from `start` on is such a one.
  @inline(__always)
  func contains(from start: Int, where isOne: (UInt8) -> Bool) -> Bool {
    precondition(start >= 0)
    for index in start..<count where unsafe isOne(base.load(fromByteOffset: index, as: UInt8.self))
    {
      return true
    }
    return false
  }

  /// The last bytes, to keep them.
  func last<Bytes: BitwiseCopyable>() -> Bytes {
    let length = MemoryLayout<Bytes>.size
    precondition(length <= count)
    return unsafe base.loadUnaligned(fromByteOffset: count - length, as: Bytes.self)
  }

  // MARK: - Pieces of text

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    unsafe room(1).storeBytes(of: byte, as: UInt8.self)
    count &+= 1
  }

  mutating func append(_ text: String) {
    let isAppended: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe room(bytes.count).copyMemory(from: start, byteCount: bytes.count)
      count &+= bytes.count
    }
    if isAppended == nil { for byte in text.utf8 { append(byte) } }
  }

  /// Adds texts that are known when this is compiled, so that nothing is asked of them again.
  @inline(__always)
  mutating func append(_ before: StaticString, _ text: StaticString, _ after: StaticString) {
    let length = text.utf8CodeUnitCount
    let (ahead, behind) = (before.utf8CodeUnitCount, after.utf8CodeUnitCount)
    let end = unsafe room(ahead &+ length &+ behind)
    unsafe end.copyMemory(from: before.utf8Start, byteCount: ahead)
    unsafe (end + ahead).copyMemory(from: text.utf8Start, byteCount: length)
    unsafe (end + ahead + length).copyMemory(from: after.utf8Start, byteCount: behind)
    count &+= ahead &+ length &+ behind
  }

  /// Adds bytes that were kept.
  @inline(__always)
  mutating func append<Bytes: BitwiseCopyable>(kept bytes: Bytes) {
    let length = MemoryLayout<Bytes>.size
    unsafe room(length).storeBytes(of: bytes, as: Bytes.self)
    count &+= length
  }

  // MARK: - Hashes

  /// Takes the bytes from `start` on into a hash.
  func update(_ hash: inout some HashFunction, from start: Int) {
    precondition(0...count ~= start)
    unsafe hash.update(
      bufferPointer: UnsafeRawBufferPointer(start: base + start, count: count &- start))
  }

  /// Adds what a hash has come to, as Base64 (RFC 4648 §4).
  ///
  /// By itself: Foundation's takes memory for the bytes, for the text, and for each copy of both.
  mutating func append(base64 digest: some Digest) {
    unsafe digest.withUnsafeBytes { bytes in
      let rest = bytes.count % 3
      for start in stride(from: 0, to: bytes.count - rest, by: 3) {
        let group =
          unsafe UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8
          | UInt32(bytes[start + 2])
        append(kept: Self.base64(group))
      }
      guard rest > 0 else { return }
      var group: UInt32 = 0
      for index in 0..<rest {
        group |= unsafe UInt32(bytes[bytes.count - rest + index]) << UInt32(16 - 8 * index)
      }
      append(kept: Self.base64(group))
      truncate(to: count - (3 - rest))
      for _ in rest..<3 { append(UInt8(ascii: "=")) }
    }
  }

  /// Four letters for three bytes, the first one the lowest.
  @inline(__always)
  private static func base64(_ group: UInt32) -> UInt32 {
    let letters: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    func letter(_ shift: UInt32) -> UInt32 {
      unsafe UInt32(letters.utf8Start[Int(group >> shift & 63)])
    }
    return (letter(18) | letter(12) << 8 | letter(6) << 16 | letter(0) << 24).littleEndian
  }

  // MARK: - Digits

  @inline(__always)
  mutating func append(decimal number: UInt64) {
    if number < 10 {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
    } else if number < 100_000_000 {
      let digits = Self.eightDigits(number)
      let zeros = digits.trailingZeroBitCount / 8
      append(digits &>> (8 &* UInt64(zeros)), count: 8 &- zeros)
    } else {
      appendLong(number)
    }
  }

  /// A number and what ends it.
  @inline(__always)
  mutating func append(decimal number: UInt64, then byte: UInt8) {
    if number < 10 {
      let both = UInt16(truncatingIfNeeded: number | 0x30) | UInt16(byte) << 8
      return append(kept: both.littleEndian)
    }
    guard number < 100_000_000 else {
      appendLong(number)
      return append(byte)
    }
    let digits = Self.eightDigits(number)
    let leading = digits.trailingZeroBitCount / 8
    let text = (digits | Self.zeros) &>> UInt64(8 &* leading)
    let end = unsafe room(9)
    unsafe end.storeBytes(of: text.littleEndian, as: UInt64.self)
    unsafe (end + (8 &- leading)).storeBytes(of: byte, as: UInt8.self)
    count &+= 9 &- leading
  }

  @inline(never)
  private mutating func appendLong(_ number: UInt64) {
    let (upper, lower) = number.quotientAndRemainder(dividingBy: 100_000_000)
    append(decimal: upper)
    append(Self.eightDigits(lower), count: 8)
  }

  @inline(__always)
  mutating func append(twoDigits number: UInt64) {
    append(Self.eightDigits(number) &>> 48, count: 2)
  }

  /// Nine digits, leading zeros among them.
  @inline(__always)
  mutating func append(nanosecond: UInt64) {
    let (upper, last) = nanosecond.quotientAndRemainder(dividingBy: 10)
    append(Self.eightDigits(upper), count: 8)
    append(last, count: 1)
  }

  /// The same without trailing zeros, but for one that has nothing before it.
  mutating func append(fraction nanosecond: UInt64) {
    let (upper, last) = nanosecond.quotientAndRemainder(dividingBy: 10)
    let digits = Self.eightDigits(upper)
    append(digits, count: last > 0 ? 8 : max(1, 8 &- digits.leadingZeroBitCount / 8))
    if last > 0 { append(last, count: 1) }
  }

  /// `2023-11-14`, of a year with four digits.
  mutating func append(year: UInt64, month: UInt64, day: UInt64) {
    let digits = Self.eightDigits(year &* 10_000 &+ month &* 10)
    // A dash is three characters before the zero that stands at its place.
    append(digits &- 0x0300_0003_0000_0000, count: 8)
    append(twoDigits: day)
  }

  /// `22:13:20`.
  @inline(__always)
  mutating func append(hour: UInt64, minute: UInt64, second: UInt64) {
    let digits = Self.eightDigits(hour &* 1_000_000 &+ minute &* 1_000 &+ second)
    // A colon is ten characters behind the zero that stands at its place.
    append(digits &+ 0x0000_0a00_000a_0000, count: 8)
  }

  /// `2023-11-14T22:13:20.000003000Z`, of which the minute was kept: one look at the room for all of it.
  @inline(__always)
  mutating func append(_ minute: Minute.Text, inMinute nanoseconds: UInt64) {
    let (second, nanosecond) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let (upper, last) = nanosecond.quotientAndRemainder(dividingBy: 10)
    let length = MemoryLayout<Minute.Text>.size
    let end = unsafe room(length &+ 13)
    let seconds = Self.eightDigits(second) &>> 48 | Self.zeros
    unsafe end.storeBytes(of: minute, as: Minute.Text.self)
    unsafe (end + length).storeBytes(
      of: UInt16(truncatingIfNeeded: seconds).littleEndian, as: UInt16.self)
    unsafe (end + length + 2).storeBytes(of: UInt8(ascii: "."), as: UInt8.self)
    unsafe (end + length + 3).storeBytes(
      of: (Self.eightDigits(upper) | Self.zeros).littleEndian, as: UInt64.self)
    unsafe (end + length + 11).storeBytes(
      of: UInt16(truncatingIfNeeded: last | Self.zeroAndZ).littleEndian, as: UInt16.self)
    count &+= length &+ 13
  }

  /// Eight digits that are 0.
  private static let zeros: UInt64 = 0x3030_3030_3030_3030
  /// `0Z`.
  private static let zeroAndZ: UInt64 = 0x5a30

  /// Adds some of eight digits, each of which is a byte, the first one the lowest.
  @inline(__always)
  private mutating func append(_ digits: UInt64, count used: Int) {
    let text = digits &+ Self.zeros
    unsafe room(8).storeBytes(of: text.littleEndian, as: UInt64.self)
    count &+= used
  }

  /// The digits of a number below 100,000,000: each a byte, the first one the lowest.
  ///
  /// All are worked out at the same time: four and four, then two of each, then one of each.
  @inline(__always)
  private static func eightDigits(_ number: UInt64) -> UInt64 {
    let (upper, lower) = number.quotientAndRemainder(dividingBy: 10_000)
    let fours = upper | lower &<< 32
    let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007f_0000_007f
    let twos = hundreds | (fours &- hundreds &* 100) &<< 16
    let tens = (twos &* 103) &>> 10 & 0x000f_000f_000f_000f
    return tens | (twos &- tens &* 10) &<< 8
  }

  /// Adds a byte, in place of a comma if one comes last.
  @inline(__always)
  mutating func append(inPlaceOfComma byte: UInt8) {
    if count > 0, self[count &- 1] == UInt8(ascii: ",") { count &-= 1 }
    append(byte)
  }

  // MARK: - Memory

  /// The end, behind which there is room for so many bytes.
  @inline(__always)
  private mutating func room(_ size: Int) -> UnsafeMutableRawPointer {
    if size > capacity &- count { grow(by: size) }
    return unsafe base + count
  }

  @inline(never)
  private mutating func grow(by size: Int) {
    capacity = max(capacity * 2, count + size)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
    unsafe larger.copyMemory(from: base, byteCount: count)
    unsafe base.deallocate()
    unsafe base = larger
  }
}
