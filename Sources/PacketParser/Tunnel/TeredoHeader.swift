/// Teredo's headers before an IPv6 packet in UDP (RFC 4380 §5.1.1): authentication, origin, or none.
enum TeredoHeader {
  // +-------------------------------+---------------+---------------+
  // |            0x0001             |   ID length   |  Auth length  |
  // +-------------------------------+---------------+---------------+
  // |   identifier, authentication value, nonce (8), confirmation   |
  // +---------------------------------------------------------------+
  // |            0x0000             |   Origin port, obscured       |
  // +-------------------------------+-------------------------------+
  // |                   Origin address, obscured                    |
  // +---------------------------------------------------------------+
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    var length = 0
    if bytes.uint16(at: 0) == 0x0001 {
      length = 4 + Int(bytes.uint8(at: 2)) + Int(bytes.uint8(at: 3)) + 9
      guard bytes.byteCount >= length + 2 else { return walk.lacks(length + 2) }
    }
    if bytes.uint16(at: length) == 0x0000 { length += 8 }
    guard bytes.byteCount > length else { return walk.lacks(length + 1) }
    guard bytes.uint8(at: length) >> 4 == 6 else { return .stop(.notTCP) }
    guard stack.push(.teredo) else { return .stop(.nestedTooDeep) }
    return walk.pass(length, then: .ipv6)
  }
}
