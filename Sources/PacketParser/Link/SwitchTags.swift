// Tags that switches put into Ethernet frames on the way to their processor or to a neighbour.

/// A tag whose length is fixed, with an EtherType as its last two bytes.
enum FixedTag {
  static func read(_ bytes: RawSpan, _ walk: inout Walk, length: Int) -> Step {
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    walk.headerLength = length
    return EtherType.step(into: bytes.uint16(at: length - 2), &walk)
  }
}

/// A tag after the addresses of an Ethernet frame, which switches of some makers use.
enum SwitchTag {
  static func fields(tagLength: Int) -> [FieldLayout] {
    [
      .bytes("Destination", at: 0, 6), .bytes("Source", at: 6, 6),
      .bytes("Tag", at: 12, tagLength), .etherType(at: 12 + tagLength),
    ]
  }
}

/// Bytes of no interest before a header that is known.
enum FixedPrefix {
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, length: Int, then next: HeaderKind
  ) -> Step {
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    return walk.pass(length, then: next)
  }
}

/// An Ethernet header as it goes over a link with frame preemption (IEEE 802.3 §99): the preamble and
/// the delimiter stand before it.
enum PreemptionHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    switch bytes.uint8(at: 7) {
    // Express, and the first part of a frame that may be interrupted (SMD-S0 … S3).
    case 0xd5, 0xe6, 0x4c, 0x7f, 0xb3: return walk.pass(8, then: .ethernet)
    // What follows an interruption (SMD-C0 … C3).
    case 0x61, 0x52, 0x9e, 0x2a: return .stop(.fragment)
    default: return .stop(.notIP)
    }
  }
}

/// The backbone service instance of IEEE 802.1ah (§9.7): its identifier, then a whole Ethernet frame.
enum BackboneTag {
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    guard stack.push(.backbone(service: bytes.uint32(at: 0) & 0x00ff_ffff)) else {
      return .stop(.nestedTooDeep)
    }
    return walk.pass(4, then: .ethernet)
  }
}

/// ATM as SunATM captures it (LINKTYPE_SUNATM): a type, VPI, VCI.
enum SunATMHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("Flags", at: 0, 1), .number("VPI", at: 1, 1), .number("VCI", at: 2, 2),
  ]

  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    switch bytes.uint8(at: 0) & 0x0f {
    // LAN emulation has two bytes before the Ethernet frame.
    case 1: return FixedPrefix.read(bytes, &walk, length: 6, then: .ethernet)
    case 2: return walk.pass(4, then: .llc)
    default: return .stop(.notIP)
    }
  }
}
