//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------------------------------+-------------------------------+
// |                      Destination address                      |
// |                               +-------------------------------+
// |                               |                               |
// +-------------------------------+         Source address        |
// |                                                               |
// +-------------------------------+-------------------------------+
// |        Length or type         |
// +-------------------------------+
/// Ethernet's header (IEEE 802.3 §3.1).
enum EthernetHeader {
  static let fields: [FieldLayout] = [
    .bytes("Destination", at: 0, 6), .bytes("Source", at: 6, 6), .etherType(at: 12),
  ]

  @inline(__always)
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 14 else { return walk.lacks(14) }
    walk.headerLength = 14
    return EtherType.step(into: bytes.uint16(at: 12), &walk)
  }
}
