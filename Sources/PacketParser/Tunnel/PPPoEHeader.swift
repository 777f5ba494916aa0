//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------+-------+---------------+-------------------------------+
// |  Ver  | Type  |     Code      |           Session             |
// +-------+-------+---------------+-------------------------------+
// |            Length             |
// +-------------------------------+
/// A frame of a PPPoE session (RFC 2516 §4 and §6).
enum PPPoEHeader {
  static let fields: [FieldLayout] = [
    .number("Code", at: 1, 1), .number("Session", at: 2, 2), .number("Length", at: 4, 2),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 6 else { return walk.lacks(6) }
    guard bytes.uint16(at: 0) == 0x1100 else { return .stop(.notIP) }
    guard stack.push(.pppoe(session: bytes.uint16(at: 2))) else { return .stop(.nestedTooDeep) }
    walk.end(at: 6 + Int(bytes.uint16(at: 4)))
    return walk.pass(6, then: .ppp)
  }
}
