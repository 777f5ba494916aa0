//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-----+---------+-----+-------------------------------+
// |C|R|K|S|s|Recur|  Flags  | Ver |         Protocol Type         |
// +-+-+-+-+-+-----+---------+-----+-------------------------------+
// |      Checksum (C or R)        |        Offset (C or R)        |
// +-------------------------------+-------------------------------+
// |                            Key (K)                            |
// +---------------------------------------------------------------+
// |                      Sequence Number (S)                      |
// +---------------------------------------------------------------+
/// Generic routing encapsulation (RFC 2784; key and sequence number: RFC 2890).
enum GREHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("Flags and version", at: 0, 2), .etherType(at: 2),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    let flags = bytes.uint16(at: 0)
    let hasSequence = flags & 0x1000 != 0
    switch flags & 0x0007 {
    case 0: break
    case 1: return readPPTP(bytes, &walk, &stack)
    default: return .stop(.notTCP)
    }
    // Source routes (RFC 1701) are not in use any more.
    guard flags & 0x4000 == 0 else { return .stop(.notTCP) }

    let keyOffset = flags & 0x8000 != 0 ? 8 : 4
    let hasKey = flags & 0x2000 != 0
    let length = keyOffset + (hasKey ? 4 : 0) + (hasSequence ? 4 : 0)
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    let key = hasKey ? bytes.uint32(at: keyOffset) : nil
    guard stack.push(.gre(key: key)) else { return .stop(.nestedTooDeep) }

    walk.headerLength = length
    switch bytes.uint16(at: 2) {
    // ERSPAN's first form has neither a sequence number nor a header.
    case 0x88be: return .next(hasSequence ? .erspan2 : .ethernet)
    case 0x22eb: return .next(.erspan3)
    case let type where type >= 0x0600: return EtherType.step(into: type, &walk)
    default: return .stop(.notTCP)
    }
  }

  // +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
  // |C|R|K|S|s|Recur|A| Flags | Ver |    Protocol Type (0x880b)     |
  // +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
  // |        Payload Length         |            Call ID            |
  // +-------------------------------+-------------------------------+
  // |                      Sequence Number (S)                      |
  // +---------------------------------------------------------------+
  // |                   Acknowledgment Number (A)                   |
  // +---------------------------------------------------------------+
  /// Version 1, with which PPTP carries PPP (RFC 2637 §4.1).
  private static func readPPTP(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    let flags = bytes.uint16(at: 0)
    guard bytes.uint16(at: 2) == 0x880b else { return .stop(.notTCP) }
    let length = 8 + (flags & 0x1000 != 0 ? 4 : 0) + (flags & 0x0080 != 0 ? 4 : 0)
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    guard stack.push(.gre(key: UInt32(bytes.uint16(at: 6)))) else { return .stop(.nestedTooDeep) }
    let payloadLength = Int(bytes.uint16(at: 4))
    // A bare acknowledgment carries nothing.
    guard payloadLength > 0 else { return .stop(.notTCP) }
    walk.end(at: length + payloadLength)
    return walk.pass(length, then: .ppp)
  }
}

/// The header of mirrored frames (draft-foschiano-erspan).
enum ERSPANHeader {
  static let fields: [FieldLayout] = [
    .number("Version", at: 0, 2, mask: 0xf000), .number("VLAN identifier", at: 0, 2, mask: 0x0fff),
    .number("Session", at: 2, 2, mask: 0x03ff),
  ]

  //  0                   1                   2                   3
  //  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  // +-------+-----------------------+-----+---+-+-------------------+
  // |  Ver  |          VLAN         | COS |En |T|    Session ID     |
  // +-------+-----------------------+-----+---+-+-------------------+
  // |       Reserved        |                 Index                 |
  // +-----------------------+---------------------------------------+
  static func readType2(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    guard stack.push(.erspan(session: bytes.uint16(at: 2) & 0x03ff)) else {
      return .stop(.nestedTooDeep)
    }
    return walk.pass(8, then: .ethernet)
  }

  // +-------+-----------------------+-----+---+-+-------------------+
  // |  Ver  |          VLAN         | COS |BSO|T|    Session ID     |
  // +-------+-----------------------+-----+---+-+-------------------+
  // |                           Timestamp                           |
  // +-------------------------------+-+---------+-----------+-+---+-+
  // |              SGT              |P|   FT    |   Hw ID   |D|Gra|O|
  // +-------------------------------+-+---------+-----------+-+---+-+
  // |            Platform-specific subheader (8 bytes, if O)        |
  // +---------------------------------------------------------------+
  static func readType3(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 12 else { return walk.lacks(12) }
    guard stack.push(.erspan(session: bytes.uint16(at: 2) & 0x03ff)) else {
      return .stop(.nestedTooDeep)
    }
    let frameTypeAndFlags = bytes.uint16(at: 10)
    let length = frameTypeAndFlags & 1 != 0 ? 20 : 12
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    switch frameTypeAndFlags >> 10 & 0x1f {
    case 0: return walk.pass(length, then: .ethernet)
    case 2: return walk.pass(length, then: .ip)
    default: return .stop(.notTCP)
    }
  }
}
