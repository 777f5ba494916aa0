/// Frame relay: an address of two to four bytes, then the multiprotocol encapsulation of RFC 2427,
/// or the EtherType that Cisco puts there.
enum FrameRelayHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    // The lowest bit marks the last byte of the address (Q.922 §3.2).
    var start = 1
    while start <= 4 {
      guard bytes.byteCount >= start else { return walk.lacks(start) }
      if bytes.uint8(at: start - 1) & 1 == 1 { break }
      start += 1
    }
    guard (2...4).contains(start) else { return .stop(.notIP) }
    guard bytes.byteCount >= start + 2 else { return walk.lacks(start + 2) }

    guard bytes.uint8(at: start) == 0x03 else {
      walk.headerLength = start + 2
      return EtherType.step(into: bytes.uint16(at: start), &walk)
    }
    // One byte of padding may stand before the identifier (RFC 2427 §3).
    let identifierOffset = bytes.uint8(at: start + 1) == 0 ? start + 2 : start + 1
    guard bytes.byteCount > identifierOffset else { return walk.lacks(identifierOffset + 1) }
    let identifier = bytes.uint8(at: identifierOffset)
    if identifier == 0x80 { return walk.pass(identifierOffset + 1, then: .snap) }
    walk.headerLength = identifierOffset + 1
    return NetworkLayerIdentifier.step(into: identifier)
  }
}
