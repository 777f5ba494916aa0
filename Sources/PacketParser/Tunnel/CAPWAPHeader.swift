//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------+-------+---------+---------+---------+-+-+-+-+-+-+-----+
// |Version| Type  |  HLEN   |   RID   |  WBID   |T|F|L|W|M|K|Flags|
// +-------+-------+---------+---------+---------+-+-+-+-+-+-+-----+
// |          Fragment ID          |     Fragment Offset     | Rsv |
// +-------------------------------+-------------------------+-----+
// |        radio MAC address, wireless information (M, W)         |
// +---------------------------------------------------------------+
/// The data channel of CAPWAP, between wireless access points and their controller (RFC 5415 §4.3).
enum CAPWAPHeader {
  static let fields: [FieldLayout] = [
    .number("Radio", at: 1, 2, mask: 0x07c0), .number("Binding", at: 1, 2, mask: 0x003e),
    .flag("Native frame", at: 2, 1, mask: 0x01), .flag("Fragment", at: 3, 1, mask: 0x80),
  ]

  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    let length = Int(bytes.uint8(at: 1) >> 3) * 4
    let flags = bytes.uint8(at: 3)
    // Version 0 and not encrypted; no keep-alive.
    guard bytes.uint8(at: 0) == 0, length >= 8, flags & 0x08 == 0 else { return .stop(.notTCP) }
    guard flags & 0x80 == 0 else { return .stop(.fragment) }
    guard stack.push(.capwap) else { return .stop(.nestedTooDeep) }
    let isNative = bytes.uint8(at: 2) & 0x01 == 1
    guard isNative else {
      guard bytes.byteCount >= length else { return walk.lacks(length) }
      return walk.pass(length, then: .ethernet)
    }

    // Binding 1 is 802.11 (RFC 5416).
    guard bytes.uint8(at: 2) >> 1 & 0x1f == 1 else { return .stop(.notTCP) }
    guard bytes.byteCount >= length + 2 else { return walk.lacks(length + 2) }
    let isData = bytes.uint8(at: length) & 0x0f == 0x08
    return walk.pass(length, then: isData ? .wirelessLAN : .wirelessLANSwapped)
  }
}
