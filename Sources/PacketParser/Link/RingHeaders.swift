/// The header of an FDDI frame: frame control, destination, source.
enum FDDIHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("Frame control", at: 0, 1), .bytes("Destination", at: 1, 6),
    .bytes("Source", at: 7, 6),
  ]

  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 13 else { return walk.lacks(13) }
    // An asynchronous or synchronous frame with LLC in it.
    guard bytes.uint8(at: 0) & 0x70 == 0x50 else { return .stop(.notIP) }
    return walk.pass(13, then: .llc)
  }
}

/// The header of a token ring frame (IEEE 802.5): access control, frame control, destination, source,
/// and a source route if the source address has the bit of a group.
enum TokenRingHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("Access control", at: 0, 1), .hexadecimal("Frame control", at: 1, 1),
    .bytes("Destination", at: 2, 6), .bytes("Source", at: 8, 6),
  ]

  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 14 else { return walk.lacks(14) }
    guard bytes.uint8(at: 1) & 0xc0 == 0x40 else { return .stop(.notIP) }
    let isRouted = bytes.uint8(at: 8) & 0x80 != 0
    guard isRouted else { return walk.pass(14, then: .llc) }
    guard bytes.byteCount >= 16 else { return walk.lacks(16) }
    let routeLength = Int(bytes.uint8(at: 14) & 0x1f)
    guard routeLength >= 2 else { return .stop(.malformed) }
    guard bytes.byteCount >= 14 + routeLength else { return walk.lacks(14 + routeLength) }
    return walk.pass(14 + routeLength, then: .llc)
  }
}

/// ARCNET's header: source, destination, and what RFC 1051 or RFC 1201 put behind them.
enum ARCNETHeader {
  /// Reads the header, of which the protocol stands at `typeOffset`: 2, or 4 in what Linux captures.
  static func read(_ bytes: RawSpan, _ walk: inout Walk, typeOffset: Int) -> Step {
    guard bytes.byteCount > typeOffset else { return walk.lacks(typeOffset + 1) }
    switch bytes.uint8(at: typeOffset) {
    // RFC 1051 has nothing more.
    case 240: return walk.pass(typeOffset + 1, then: .ipv4)
    case 212: return readRFC1201(bytes, &walk, flagOffset: typeOffset + 1, then: .ipv4)
    case 196: return readRFC1201(bytes, &walk, flagOffset: typeOffset + 1, then: .ipv6)
    default: return .stop(.notIP)
    }
  }

  /// RFC 1201 adds a split flag and a sequence number, and for awkward lengths both of them twice.
  private static func readRFC1201(
    _ bytes: RawSpan, _ walk: inout Walk, flagOffset: Int, then next: HeaderKind
  ) -> Step {
    guard bytes.byteCount >= flagOffset + 3 else { return walk.lacks(flagOffset + 3) }
    switch bytes.uint8(at: flagOffset) {
    case 0: return walk.pass(flagOffset + 3, then: next)
    case 0xff:
      guard bytes.byteCount >= flagOffset + 7 else { return walk.lacks(flagOffset + 7) }
      return walk.pass(flagOffset + 7, then: next)
    default: return .stop(.fragment)
    }
  }
}
