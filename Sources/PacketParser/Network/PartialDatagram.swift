/// A datagram put together from its fragments.
struct Datagram {
  /// What was captured of it, up to the first byte that was not.
  var bytes: [UInt8] = []
  /// Bytes it had on the wire, without the IP header.
  var length = 0
  var nextHeader: UInt8 = 0
}

/// The fragments of one datagram that have been seen.
///
/// Where fragments overlap, IPv4's first one counts, and all of IPv6's are thrown away, also those
/// still to come (RFC 5722 §4); a fragment that was seen already is neither. A fragment cut by the
/// snap length counts as seen; the datagram then ends, as captured, where it was cut.
struct PartialDatagram {
  let serial: Int
  let firstSeen: Timestamp
  let version: IPVersion
  /// What the fragments take in memory, about.
  private(set) var storedBytes = 128
  /// Where the fragment that it begins with was seen.
  private var beginning: IncompleteDatagrams.Fragment?

  private struct Piece {
    /// Where it stands in the datagram.
    var range: Range<Int>
    var bytes: [UInt8]
  }

  /// In order, without overlap.
  private var pieces: [Piece] = []
  private var seenLength = 0
  /// Known once the last fragment was seen.
  private var length: Int?
  /// What the first fragment says; of IPv6 the only one that counts (RFC 8200 §4.5).
  private var nextHeader: UInt8?
  private var isPoisoned = false

  init(serial: Int, firstSeen: Timestamp, version: IPVersion) {
    self.serial = serial
    self.firstSeen = firstSeen
    self.version = version
  }

  /// Where its first fragment was seen, if that begins a TCP segment.
  var beginningOfSegment: IncompleteDatagrams.Fragment? {
    nextHeader == 6 ? beginning : nil
  }

  /// Adds a fragment; `false` when it contradicts those before it.
  mutating func insert(
    _ fragment: FragmentHeader, _ bytes: RawSpan, wireLength: Int, limit: Int,
    seen: IncompleteDatagrams.Fragment
  ) -> Bool {
    guard !isPoisoned else { return false }
    let range = fragment.offset..<(fragment.offset + wireLength)
    if !agreesOnLength(range, isLast: fragment.isLast) { return refuse() }
    if pieces.contains(where: { $0.range == range }) { return true }

    var start = range.lowerBound
    var fresh: [Range<Int>] = []
    for piece in pieces where piece.range.overlaps(range) {
      if version == .v6 { return refuse() }
      if start < piece.range.lowerBound { fresh.append(start..<piece.range.lowerBound) }
      start = max(start, piece.range.upperBound)
    }
    if start < range.upperBound { fresh.append(start..<range.upperBound) }
    guard pieces.count + fresh.count <= limit else { return refuse() }

    for part in fresh { add(part, of: bytes, from: range.lowerBound) }
    if fragment.isLast { length = range.upperBound }
    if fragment.offset == 0, nextHeader == nil {
      (nextHeader, beginning) = (fragment.nextHeader, seen)
    }
    return true
  }

  /// Whether a fragment fits between the beginning and what is known of the end.
  private func agreesOnLength(_ range: Range<Int>, isLast: Bool) -> Bool {
    if let length { return isLast ? range.upperBound == length : range.upperBound <= length }
    return !isLast || range.upperBound >= pieces.last?.range.upperBound ?? 0
  }

  private mutating func add(_ range: Range<Int>, of bytes: RawSpan, from start: Int) {
    let from = min(range.lowerBound - start, bytes.byteCount)
    let to = min(range.upperBound - start, bytes.byteCount)
    let piece = Piece(range: range, bytes: (from..<to).map { bytes.uint8(at: $0) })
    let index = pieces.firstIndex { $0.range.lowerBound > range.lowerBound } ?? pieces.endIndex
    pieces.insert(piece, at: index)
    seenLength += range.count
    storedBytes += to - from + 64
  }

  /// IPv4 ignores a fragment that does not fit; IPv6 gives the datagram up.
  private mutating func refuse() -> Bool {
    if version == .v6 {
      isPoisoned = true
      pieces = []
      seenLength = 0
      storedBytes = 128
    }
    return false
  }

  /// The datagram, once no part is missing.
  func assembled() -> Datagram? {
    guard let length, let nextHeader, seenLength == length else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    for piece in pieces {
      bytes += piece.bytes
      if piece.bytes.count < piece.range.count { break }
    }
    return Datagram(bytes: bytes, length: length, nextHeader: nextHeader)
  }
}
