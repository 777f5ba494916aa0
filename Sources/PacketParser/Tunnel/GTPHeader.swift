//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-----+-+-+-+-+-+---------------+-------------------------------+
// | Ver |T|0|E|S|N| Message Type  |            Length             |
// +-----+-+-+-+-+-+---------------+-------------------------------+
// |                  Tunnel Endpoint Identifier                   |
// +-------------------------------+---------------+---------------+
// |    Sequence Number (if E, S or N)             | Next extension|
// |                               | N-PDU number  | header type   |
// +-------------------------------+---------------+---------------+
/// GTP-U, the user plane of mobile networks (3GPP TS 29.281 §5.1).
enum GTPHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("Flags", at: 0, 1),
    .number("Message type", at: 1, 1) { $0 == 255 ? "G-PDU" : nil },
    .number("Length", at: 2, 2), .hexadecimal("Tunnel endpoint identifier", at: 4, 4),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    let flags = bytes.uint8(at: 0)
    // Version 1, GTP (not GTP'), and a G-PDU: other messages carry no packets of users.
    guard flags & 0xf0 == 0x30, bytes.uint8(at: 1) == 255 else { return .stop(.notTCP) }
    guard stack.push(.gtp(tunnel: bytes.uint32(at: 4))) else { return .stop(.nestedTooDeep) }
    walk.end(at: 8 + Int(bytes.uint16(at: 2)))
    guard flags & 0x07 != 0 else { return walk.pass(8, then: .ip) }

    guard bytes.byteCount >= 12 else { return walk.lacks(12) }
    var length = 12
    var nextType = flags & 0x04 != 0 ? bytes.uint8(at: 11) : 0
    // Extension headers: a length in units of 4 bytes first, the next one's type last (§5.2.1).
    while nextType != 0 {
      guard bytes.byteCount > length else { return walk.lacks(length + 1) }
      let extensionLength = Int(bytes.uint8(at: length)) * 4
      guard extensionLength > 0 else { return .stop(.malformed) }
      length += extensionLength
      guard bytes.byteCount >= length else { return walk.lacks(length) }
      nextType = bytes.uint8(at: length - 1)
    }
    return walk.pass(length, then: .ip)
  }
}
