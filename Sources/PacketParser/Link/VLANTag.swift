//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-----+-+-----------------------+-------------------------------+
// | PCP |D|    VLAN identifier    |        Length or type         |
// +-----+-+-----------------------+-------------------------------+
/// What follows a VLAN's EtherType (IEEE 802.1Q §9.6).
enum VLANTag {
  static let fields: [FieldLayout] = [
    .number("Priority", at: 0, 2, mask: 0xe000), .flag("Drop eligible", at: 0, 2, mask: 0x1000),
    .number("VLAN identifier", at: 0, 2, mask: 0x0fff), .etherType(at: 2),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    guard stack.push(.vlan(bytes.uint16(at: 0) & 0x0fff)) else { return .stop(.nestedTooDeep) }
    walk.headerLength = 4
    return EtherType.step(into: bytes.uint16(at: 2), &walk)
  }
}
