/// The point-to-point protocol (RFC 1661 §2), with HDLC's address and control bytes (RFC 1662 §3.1)
/// or without, and with both forms of the protocol field.
enum PPPHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 2 else { return walk.lacks(2) }
    let first = bytes.uint8(at: 0)
    // Cisco's own framing is captured under the same link types.
    if first == 0x0f || first == 0x8f { return CiscoHDLCHeader.read(bytes, &walk) }
    let start = first == 0xff && bytes.uint8(at: 1) == 0x03 ? 2 : 0

    guard bytes.byteCount > start else { return walk.lacks(start + 1) }
    // An odd first byte is a protocol field compressed to one byte (RFC 1661 §6.5).
    if bytes.uint8(at: start) & 1 == 1 {
      walk.headerLength = start + 1
      return step(into: UInt16(bytes.uint8(at: start)))
    }
    guard bytes.byteCount >= start + 2 else { return walk.lacks(start + 2) }
    walk.headerLength = start + 2
    return step(into: bytes.uint16(at: start))
  }

  private static func step(into protocolNumber: UInt16) -> Step {
    switch protocolNumber {
    case 0x0021: .next(.ipv4)
    case 0x0057: .next(.ipv6)
    case 0x0281, 0x0283: .next(.mpls)
    default: .stop(.notIP)
    }
  }
}

/// Cisco's HDLC framing (LINKTYPE_C_HDLC): address, control, EtherType.
enum CiscoHDLCHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    walk.headerLength = 4
    switch bytes.uint8(at: 0) {
    // Unicast and multicast.
    case 0x0f, 0x8f: return EtherType.step(into: bytes.uint16(at: 2), &walk)
    case 0xfe: return walk.pass(0, then: .llc)
    default: return .stop(.notIP)
    }
  }
}
