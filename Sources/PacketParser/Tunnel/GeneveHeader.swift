//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +---+-----------+-+-+-----------+-------------------------------+
// |Ver|  Opt Len  |O|C|   Rsvd    |         Protocol Type         |
// +---+-----------+-+-+-----------+-------------------------------+
// |          Virtual Network Identifier           |   Reserved    |
// +-----------------------------------------------+---------------+
// |                            options                            |
// +---------------------------------------------------------------+
/// Geneve (RFC 8926 §3.4).
enum GeneveHeader {
  static let fields: [FieldLayout] = [
    .number("Version", at: 0, 1, mask: 0xc0),
    .number("Options length", at: 0, 1, mask: 0x3f) { "\($0 * 4) bytes" },
    .etherType(at: 2), .number("Network identifier", at: 4, 3),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    guard bytes.uint8(at: 0) >> 6 == 0 else { return .stop(.notTCP) }
    let length = 8 + Int(bytes.uint8(at: 0) & 0x3f) * 4
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    guard stack.push(.geneve(network: bytes.uint32(at: 4) >> 8)) else {
      return .stop(.nestedTooDeep)
    }
    walk.headerLength = length
    let type = bytes.uint16(at: 2)
    return type >= 0x0600 ? EtherType.step(into: type, &walk) : .stop(.notTCP)
  }
}
