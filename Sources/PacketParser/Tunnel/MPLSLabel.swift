//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +---------------------------------------+-----+-+---------------+
// |                 Label                 | TC  |S|      TTL      |
// +---------------------------------------+-----+-+---------------+
/// One entry of an MPLS label stack (RFC 3032 §2.1).
enum MPLSLabel {
  static let fields: [FieldLayout] = [
    .number("Label", at: 0, 4, mask: 0xffff_f000), .number("Traffic class", at: 0, 4, mask: 0xe00),
    .flag("Bottom of stack", at: 0, 4, mask: 0x100), .number("Time to live", at: 3, 1),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    let entry = bytes.uint32(at: 0)
    guard stack.push(.mpls(entry >> 12)) else { return .stop(.nestedTooDeep) }
    let isBottom = entry & 0x100 != 0
    guard isBottom else { return walk.pass(4, then: .mpls) }

    // Nothing names the payload. IP begins with its version; a pseudowire's control word with a 0,
    // so that nobody takes it for IP (RFC 4385 §3), or a 1 on its associated channel.
    guard bytes.byteCount >= 5 else { return walk.lacks(5) }
    switch bytes.uint8(at: 4) >> 4 {
    case 4: return walk.pass(4, then: .ipv4)
    case 6: return walk.pass(4, then: .ipv6)
    case 0: return walk.pass(4, then: .pseudowireControlWord)
    case 1: return .stop(.notIP)
    default: return walk.pass(4, then: .ethernet)
    }
  }
}
