/// Text in UTF-8 that grows at its end, made of very many short pieces.
///
/// A string or an array of bytes asks at each of them whether it has one owner, and a record has hundreds.
@safe
struct RecordText: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity = 4096
  private(set) var count = 0

  /// The date that was written last: few captures have many.
  var latestDate = (day: Int64.min, text: "")

  init() {
    unsafe base = .allocate(capacity: capacity)
  }

  deinit {
    unsafe base.deallocate()
  }

  var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Adds the text to what is in `bytes`.
  func append(to bytes: inout [UInt8]) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
  }

  /// Forgets all but the first bytes.
  mutating func truncate(to count: Int) {
    precondition(0...self.count ~= count)
    self.count = count
  }

  subscript(index: Int) -> UInt8 {
    precondition(0..<count ~= index)
    return unsafe base[index]
  }

  /// Whether any of the bytes from `start` on is such a one.
  @inline(__always)
  func contains(from start: Int, where isOne: (UInt8) -> Bool) -> Bool {
    precondition(start >= 0)
    for index in start..<count where unsafe isOne(base[index]) { return true }
    return false
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe base[count] = byte
    count &+= 1
  }

  mutating func append(_ text: String) {
    let isAppended: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
      guard let start = bytes.baseAddress else { return }
      reserve(bytes.count)
      unsafe (base + count).update(from: start, count: bytes.count)
      count &+= bytes.count
    }
    if isAppended == nil { for byte in text.utf8 { append(byte) } }
  }

  /// Adds a text between two bytes; what is known of it when this is compiled is not asked again.
  @inline(__always)
  mutating func append(_ before: UInt8, _ text: StaticString, _ after: UInt8) {
    let length = text.utf8CodeUnitCount
    reserve(length &+ 2)
    unsafe base[count] = before
    unsafe (base + count + 1).update(from: text.utf8Start, count: length)
    unsafe base[count &+ length &+ 1] = after
    count &+= length &+ 2
  }

  @inline(__always)
  mutating func append(decimal number: UInt64) {
    if number < 10 {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
    } else {
      appendLong(number)
    }
  }

  @inline(never)
  private mutating func appendLong(_ number: UInt64) {
    var digits = 2
    var bound: UInt64 = 100
    // 20 digits have the largest numbers, and then there is no larger bound.
    while digits < 20, number >= bound {
      digits &+= 1
      bound &*= 10
    }
    append(number, digits: digits)
  }

  /// The last digits of a number, so many.
  @inline(__always)
  mutating func append(_ number: UInt64, digits: Int) {
    precondition(digits > 0)
    reserve(digits)
    var rest = number
    var end = count &+ digits
    // Two at a time: each division waits for the one before.
    while end &- count >= 2 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      let (tens, ones) = UInt8(truncatingIfNeeded: pair).quotientAndRemainder(dividingBy: 10)
      end &-= 2
      unsafe base[end] = UInt8(ascii: "0") &+ tens
      unsafe base[end &+ 1] = UInt8(ascii: "0") &+ ones
      rest = quotient
    }
    if end > count {
      unsafe base[count] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
    }
    count &+= digits
  }

  @inline(__always)
  private mutating func reserve(_ room: Int) {
    if room > capacity &- count { grow(by: room) }
  }

  @inline(never)
  private mutating func grow(by room: Int) {
    capacity = max(capacity * 2, count + room)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe larger.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = larger
  }
}
