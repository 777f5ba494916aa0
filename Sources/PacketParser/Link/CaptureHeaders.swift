// Headers that a capturing driver puts before a frame, to say how it was received. All tell their
// own length; what they begin is named in LINKTYPE_… at https://www.tcpdump.org/linktypes.html.

/// Radiotap (https://www.radiotap.org), before 802.11 frames.
enum RadiotapHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    let length = Int(bytes.littleEndianUInt16(at: 2))
    guard bytes.uint8(at: 0) == 0, length >= 8 else { return .stop(.malformed) }
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    walk.padsWirelessHeader = padsWirelessHeader(bytes.extracting(first: length))
    return walk.pass(length, then: .wirelessLAN)
  }

  /// Whether the field "flags" says that the 802.11 header is padded to a multiple of 4.
  private static func padsWirelessHeader(_ header: RawSpan) -> Bool {
    let present = header.littleEndianUInt32(at: 4)
    guard present & 0b10 != 0 else { return false }
    // Bit 31 of a word of presence says that another word follows.
    var offset = 8
    var word = present
    while word >> 31 == 1 {
      guard header.byteCount >= offset + 4 else { return false }
      word = header.littleEndianUInt32(at: offset)
      offset += 4
    }
    // Only the time (8 bytes, aligned) can stand before the flags.
    if present & 1 != 0 { offset = (offset + 7) & ~7 + 8 }
    guard header.byteCount > offset else { return false }
    return header.uint8(at: offset) & 0x20 != 0
  }
}

/// The Prism and AVS headers, before 802.11 frames.
enum PrismHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    // AVS headers are captured under Prism's number too, and begin with a version of their own.
    if bytes.uint32(at: 0) & 0xffff_f000 == 0x8021_1000 { return readAVS(bytes, &walk) }
    return pass(Int(bytes.littleEndianUInt32(at: 4)), bytes, &walk)
  }

  static func readAVS(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    return pass(Int(bytes.uint32(at: 4)), bytes, &walk)
  }

  private static func pass(_ length: Int, _ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard length >= 8 else { return .stop(.malformed) }
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    return walk.pass(length, then: .wirelessLAN)
  }
}

/// Per-packet information (PPI): any link type may follow.
enum PerPacketInformation {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    let length = Int(bytes.littleEndianUInt16(at: 2))
    guard length >= 8 else { return .stop(.malformed) }
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    return walk.pass(length, thenLinkType: bytes.littleEndianUInt32(at: 4))
  }
}

/// Apple's PKTAP: any link type may follow.
enum PKTAPHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 12 else { return walk.lacks(12) }
    let length = Int(bytes.littleEndianUInt32(at: 0))
    guard length >= 12 else { return .stop(.malformed) }
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    return walk.pass(length, thenLinkType: bytes.littleEndianUInt32(at: 8))
  }
}

/// Linux's netfilter log: attributes, one of which is the packet.
enum NetfilterLogHeader {
  // +---------------+---------------+-------------------------------+
  // |Address family |  Version = 0  |          Resource ID          |
  // +---------------+---------------+-------------------------------+
  // |       Attribute length        |        Attribute type         |
  // +-------------------------------+-------------------------------+
  // |               value, padded to a multiple of 4                |
  // +---------------------------------------------------------------+
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    guard bytes.uint8(at: 1) == 0 else { return .stop(.notIP) }
    var offset = 4
    while true {
      guard bytes.byteCount >= offset + 4 else { return walk.lacks(offset + 4) }
      // In the byte order of this machine: libpcap swaps what another one wrote.
      let length = Int(bytes.littleEndianUInt16(at: offset))
      let type = bytes.littleEndianUInt16(at: offset + 2)
      guard length >= 4 else { return .stop(.malformed) }
      // NFULA_PAYLOAD
      if type == 9 {
        walk.end(at: offset + length)
        return walk.pass(offset + 4, then: .ip)
      }
      offset += (length + 3) & ~3
    }
  }
}

/// OpenBSD's log of its packet filter (LINKTYPE_PFLOG): a length, an address family, and more.
enum PacketFilterLogHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    // The length leaves out the padding to a multiple of 4.
    let length = (Int(bytes.uint8(at: 0)) + 3) & ~3
    guard length >= 4 else { return .stop(.malformed) }
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    return walk.pass(length, then: .ip)
  }
}

/// Juniper's header before Ethernet frames (LINKTYPE_JUNIPER_ETHER), as tcpdump reads it: "MGC",
/// flags, and if they say so a length and as many bytes of extensions.
enum JuniperHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    guard bytes.uint32(at: 0) >> 8 == 0x4d4743 else { return .stop(.notIP) }
    let flags = bytes.uint8(at: 3)
    guard flags & 0x80 != 0 else { return walk.pass(4, then: .ethernet) }
    guard bytes.byteCount >= 6 else { return walk.lacks(6) }
    let length = 6 + Int(bytes.uint16(at: 4))
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    return walk.pass(length, then: .ethernet)
  }
}

/// IP over InfiniBand (RFC 4391 §6), after the 40 bytes of a global route header.
enum InfiniBandHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 44 else { return walk.lacks(44) }
    walk.headerLength = 44
    return EtherType.step(into: bytes.uint16(at: 40), &walk)
  }
}
