//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+---------------------------------------------------------------+
// |R|R|Ver|I|P|R|O|           Reserved            | Next (GPE)    |
// +-+-+-+-+-+-+-+-+---------------------------------------------------------------+
// |                VXLAN Network Identifier       |   Reserved    |
// +-----------------------------------------------+---------------+
/// VXLAN (RFC 7348 §5) and its generic protocol extension (draft-ietf-nvo3-vxlan-gpe).
enum VXLANHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("Flags", at: 0, 1), .number("Network identifier", at: 4, 3),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack, isGeneric: Bool
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    // Only a port led here. Without the flag I there is no identifier, so it is something else.
    guard bytes.uint8(at: 0) & 0x08 != 0 else { return .stop(.notTCP) }
    guard stack.push(.vxlan(network: bytes.uint32(at: 4) >> 8)) else {
      return .stop(.nestedTooDeep)
    }
    guard isGeneric, bytes.uint8(at: 0) & 0x04 != 0 else { return walk.pass(8, then: .ethernet) }
    switch bytes.uint8(at: 3) {
    case 1: return walk.pass(8, then: .ipv4)
    case 2: return walk.pass(8, then: .ipv6)
    case 3: return walk.pass(8, then: .ethernet)
    default: return .stop(.notTCP)
    }
  }
}
