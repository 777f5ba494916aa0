/// The header that Linux puts before packets of "any" interface, and of those without a header of
/// their own (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2).
enum LinuxCookedHeader {
  static let fields: [FieldLayout] = [
    .number("Packet type", at: 0, 2), .number("ARPHRD type", at: 2, 2),
    .bytes("Address", at: 6, 6), .etherType(at: 14),
  ]
  static let version2Fields: [FieldLayout] = [
    .etherType(at: 0), .number("Interface index", at: 4, 4), .number("ARPHRD type", at: 8, 2),
    .number("Packet type", at: 10, 1), .bytes("Address", at: 12, 6),
  ]

  //  0                   1                   2                   3
  //  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  // +-------------------------------+-------------------------------+
  // |          Packet type          |          ARPHRD type          |
  // +-------------------------------+-------------------------------+
  // |        Address length         |                               |
  // +-------------------------------+                               |
  // |                       Address (8 bytes)                       |
  // |                               +-------------------------------+
  // |                               |         Protocol type         |
  // +-------------------------------+-------------------------------+
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 16 else { return walk.lacks(16) }
    walk.headerLength = 16
    return step(into: bytes.uint16(at: 14), interfaceType: bytes.uint16(at: 2), &walk)
  }

  //  0                   1                   2                   3
  //  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  // +-------------------------------+-------------------------------+
  // |         Protocol type         |        Reserved (zero)        |
  // +-------------------------------+-------------------------------+
  // |                        Interface index                        |
  // +-------------------------------+---------------+---------------+
  // |          ARPHRD type          |  Packet type  | Address length|
  // +-------------------------------+---------------+---------------+
  // |                       Address (8 bytes)                       |
  // |                                                               |
  // +---------------------------------------------------------------+
  static func readVersion2(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 20 else { return walk.lacks(20) }
    walk.headerLength = 20
    walk.interface = bytes.uint32(at: 4)
    return step(into: bytes.uint16(at: 0), interfaceType: bytes.uint16(at: 8), &walk)
  }

  /// The protocol is an EtherType, except on interfaces (ARPHRD numbers) where it is something else.
  private static func step(
    into type: UInt16, interfaceType: UInt16, _ walk: inout Walk
  ) -> Step {
    switch interfaceType {
    // Netlink, 802.11 with radiotap, CAN: no EtherType there.
    case 280, 824: return .stop(.notIP)
    case 803: return .next(.radiotap)
    default: break
    }
    // LINUX_SLL_P_802_2: 802.2 LLC.
    if type == 0x0004 { return .next(.llc) }
    return type >= 0x0600 ? EtherType.step(into: type, &walk) : .stop(.notIP)
  }
}
