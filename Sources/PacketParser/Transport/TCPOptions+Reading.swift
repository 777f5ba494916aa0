// +---------------+---------------+-------------------------------+
// |     Kind      |    Length     |  Length - 2 bytes of data     |
// +---------------+---------------+-------------------------------+
// Kinds 0 (end of options) and 1 (no operation) are single bytes (RFC 9293 §3.2).
extension TCPOptions {
  /// Forgets the segment before; blocks and unknown options beyond the counts keep their old bytes.
  @inline(__always)
  mutating func clear() {
    present = []
    maximumSegmentSize = 0
    windowScale = 0
    sackBlockCount = 0
    timestampValue = 0
    timestampEcho = 0
    fastOpenCookieLength = 0
    unknownCount = 0
  }

  /// Reads the options of a header.
  ///
  /// - Parameters:
  ///   - bytes: The header, and whatever stands around it.
  ///   - start: Where in `bytes` the options begin: after the first 20 bytes of the header.
  ///   - end: Where the header ends, or the capture within it.
  ///   - isWhole: Whether all of it was captured; if not, an option that is cut off is left out
  ///     rather than called malformed.
  @inline(__always)
  mutating func read(_ bytes: RawSpan, from start: Int, to end: Int, isWhole: Bool) {
    // Nearly every segment of a connection that is open: NOP, NOP, timestamps (RFC 7323 Appendix A).
    if end == start &+ 12, start &+ 12 <= bytes.byteCount, bytes.uint32(at: start) == 0x0101_080a {
      let (value, echo) = (bytes.uint32(at: start &+ 4), bytes.uint32(at: start &+ 8))
      clear()
      present = .timestamps
      timestampValue = value
      timestampEcho = echo
      return
    }
    clear()
    guard end > start else { return }
    if end == start &+ 20, end <= bytes.byteCount, readLinuxSYN(bytes, at: start) { return }
    readAny(bytes.extracting(start..<end), isWhole: isWhole)
  }

  /// Reads the options as Linux writes them on a SYN (`tcp_options_write`), by words: MSS,
  /// SACK-permitted, timestamps, NOP, window scale.
  ///
  /// - Returns: Whether they are these; if not, nothing has changed.
  @inline(__always)
  private mutating func readLinuxSYN(_ bytes: RawSpan, at start: Int) -> Bool {
    let first = bytes.uint32(at: start)
    let last = bytes.uint32(at: start &+ 16)
    guard first >> 16 == 0x0204, bytes.uint32(at: start &+ 4) == 0x0402_080a,
      last >> 8 == 0x01_0303
    else { return false }
    present = [.maximumSegmentSize, .sackPermitted, .timestamps, .windowScale]
    maximumSegmentSize = UInt16(truncatingIfNeeded: first)
    timestampValue = bytes.uint32(at: start &+ 8)
    timestampEcho = bytes.uint32(at: start &+ 12)
    windowScale = UInt8(truncatingIfNeeded: last)
    return true
  }

  @inline(never)
  private mutating func readAny(_ bytes: RawSpan, isWhole: Bool) {
    let end = bytes.byteCount
    var offset = 0
    while offset < end {
      let kind = bytes.uint8(at: offset)
      if kind == 0 { return }
      if kind == 1 {
        offset &+= 1
        continue
      }
      let left = end &- offset
      let length = left >= 2 ? Int(bytes.uint8(at: offset &+ 1)) : 2
      guard length >= 2, length <= left else {
        if length < 2 || isWhole { present.insert(.malformed) }
        return
      }
      if !readOption(kind, bytes, at: offset &+ 2, length: length &- 2) {
        present.insert(.malformed)
      }
      offset &+= length
    }
  }

  /// Reads one option, whose data lie in `bytes`; `false` when their length is wrong for its kind.
  @inline(__always)
  private mutating func readOption(
    _ kind: UInt8, _ bytes: RawSpan, at start: Int, length: Int
  ) -> Bool {
    switch kind {
    case 2:
      guard length == 2 else { return false }
      present.insert(.maximumSegmentSize)
      maximumSegmentSize = bytes.uint16(at: start)
    case 3:
      guard length == 1 else { return false }
      present.insert(.windowScale)
      windowScale = bytes.uint8(at: start)
    case 4:
      guard length == 0 else { return false }
      present.insert(.sackPermitted)
    case 8:
      guard length == 8 else { return false }
      present.insert(.timestamps)
      timestampValue = bytes.uint32(at: start)
      timestampEcho = bytes.uint32(at: start &+ 4)
    default:
      return readUncommon(kind, bytes.extracting(start..<(start &+ length)))
    }
    return true
  }

  /// Reads an option that handshakes do not have as a rule.
  private mutating func readUncommon(_ kind: UInt8, _ data: RawSpan) -> Bool {
    switch kind {
    case 5:
      return readSACK(data)
    case 19:
      guard data.byteCount == 16 else { return false }
      present.insert(.md5Signature)
    case 28:
      guard data.byteCount == 2 else { return false }
      present.insert(.userTimeout)
    case 29:
      // KeyID and RNextKeyID at least (RFC 5925 §2.2).
      guard data.byteCount >= 2 else { return false }
      present.insert(.authentication)
    case 30:
      guard data.byteCount >= 1 else { return false }
      present.insert(.multipath)
    case 34:
      return readFastOpen(.fastOpen, cookieLength: data.byteCount)
    case 253, 254:
      // Experiments begin with an identifier (RFC 6994); F989 is Fast Open's.
      guard data.byteCount >= 2, data.uint16(at: 0) == 0xf989 else {
        noteUnknown(kind, data)
        return true
      }
      return readFastOpen(.experimentalFastOpen, cookieLength: data.byteCount - 2)
    default:
      noteUnknown(kind, data)
    }
    return true
  }

  // +---------------+---------------+
  // |    Kind=5     |    Length     |
  // +---------------+---------------+-------------------------------+
  // |                   Left edge of 1st block                      |
  // +---------------------------------------------------------------+
  // |                   Right edge of 1st block                     |
  // +---------------------------------------------------------------+
  private mutating func readSACK(_ data: RawSpan) -> Bool {
    // 40 bytes of options hold four blocks at most (RFC 2018 §3).
    guard data.byteCount >= 8, data.byteCount.isMultiple(of: 8), data.byteCount <= 32 else {
      return false
    }
    present.insert(.sack)
    sackBlockCount = UInt8(data.byteCount / 8)
    for index in 0..<data.byteCount / 8 {
      sackBlocks[index].left = SequenceNumber(data.uint32(at: index * 8))
      sackBlocks[index].right = SequenceNumber(data.uint32(at: index * 8 + 4))
    }
    return true
  }

  /// A cookie has 4 to 16 bytes, an even number; none asks for one (RFC 7413 §4.1.1).
  private mutating func readFastOpen(_ kind: TCPOptionSet, cookieLength: Int) -> Bool {
    guard cookieLength == 0 || (4...16).contains(cookieLength), cookieLength.isMultiple(of: 2)
    else { return false }
    present.insert(kind)
    fastOpenCookieLength = UInt8(cookieLength)
    return true
  }

  private mutating func noteUnknown(_ kind: UInt8, _ data: RawSpan) {
    if unknownCount < 2 {
      unknown[Int(unknownCount)].kind = kind
      unknown[Int(unknownCount)].length = UInt8(data.byteCount + 2)
    }
    unknownCount += 1
  }
}
