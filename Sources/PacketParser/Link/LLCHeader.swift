//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +---------------+---------------+---------------+
// |     DSAP      |     SSAP      |    Control    |
// +---------------+---------------+---------------+
/// Logical link control (IEEE 802.2); unnumbered information is what carries IP.
enum LLCHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("DSAP", at: 0, 1), .hexadecimal("SSAP", at: 1, 1),
    .hexadecimal("Control", at: 2, 1),
  ]

  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 3 else { return walk.lacks(3) }
    switch (bytes.uint8(at: 0), bytes.uint8(at: 1), bytes.uint8(at: 2)) {
    case (0xaa, 0xaa, 0x03): return walk.pass(3, then: .snap)
    // The access point that IEEE assigned to IP itself.
    case (0x06, 0x06, 0x03): return walk.pass(3, then: .ipv4)
    // The network layer's own identifiers (RFC 2427 and RFC 2684, routed form).
    case (0xfe, 0xfe, 0x03):
      guard bytes.byteCount >= 4 else { return walk.lacks(4) }
      walk.headerLength = 4
      return NetworkLayerIdentifier.step(into: bytes.uint8(at: 3))
    default: return .stop(.notIP)
    }
  }
}

//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-----------------------------------------------+---------------+
// |                 Organization                  |               |
// +---------------+-------------------------------+---------------+
// |     Type      |
// +---------------+
/// The subnetwork access protocol (IEEE 802 §9, RFC 1042).
enum SNAPHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 5 else { return walk.lacks(5) }
    let type = bytes.uint16(at: 3)
    walk.headerLength = 5
    switch bytes.uint32(at: 0) >> 8 {
    // RFC 1042, and 802.1H for the types that bridges must keep apart.
    case 0x000000, 0x0000f8:
      return type >= 0x0600 ? EtherType.step(into: type, &walk) : .stop(.notIP)
    // Bridged Ethernet with its checksum or without (RFC 2427 §4.2); ATM pads (RFC 2684 §5.2).
    case 0x0080c2 where type == 0x0001 || type == 0x0007:
      return .next(.ethernet)
    default: return .stop(.notIP)
    }
  }
}

/// What a network layer protocol identifier says comes next (ISO/IEC TR 9577).
enum NetworkLayerIdentifier {
  static func step(into identifier: UInt8) -> Step {
    switch identifier {
    case 0xcc: .next(.ipv4)
    case 0x8e: .next(.ipv6)
    case 0xcf: .next(.ppp)
    default: .stop(.notIP)
    }
  }
}
