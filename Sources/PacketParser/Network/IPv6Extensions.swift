//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +---------------+---------------+-------------------------------+
// |  Next Header  |  Hdr Ext Len  |                               |
// +---------------+---------------+                               +
// |                     what the header is for                    |
// +---------------------------------------------------------------+
/// The extension headers of IPv6 (RFC 8200 §4; the common shape is that of RFC 6564 §4).
enum IPv6Extension {
  static let fields: [FieldLayout] = [
    .nextHeader("Next header", at: 0), .number("Length", at: 1, 1) { "\(($0 + 1) * 8) bytes" },
  ]
  static let routingFields =
    fields + [.number("Routing type", at: 2, 1), .number("Segments left", at: 3, 1)]
  static let fragmentFields: [FieldLayout] = [
    .nextHeader("Next header", at: 0),
    .number("Fragment offset", at: 2, 2, mask: 0xfff8) { $0 == 0 ? nil : "byte \($0 * 8)" },
    .flag("More fragments", at: 2, 2, mask: 0x0001), .hexadecimal("Identification", at: 4, 4),
  ]
  static let authenticationFields: [FieldLayout] = [
    .nextHeader("Next header", at: 0), .number("Length", at: 1, 1) { "\(($0 + 2) * 4) bytes" },
    .hexadecimal("Security parameters index", at: 4, 4), .number("Sequence number", at: 8, 4),
  ]

  /// Passes hop-by-hop options, destination options, mobility (RFC 6275), host identity (RFC 7401)
  /// and shim6 (RFC 5533) headers: their length counts units of 8 bytes after the first 8.
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 2 else { return walk.lacks(2) }
    let length = (Int(bytes.uint8(at: 1)) + 1) * 8
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    walk.headerLength = length
    return IPProtocol.step(into: bytes.uint8(at: 0), of: .v6, &stack)
  }

  /// Passes an authentication header (RFC 4302 §2), whose length counts units of 4 bytes less 2.
  static func readAuthentication(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack, of version: IPVersion
  ) -> Step {
    guard bytes.byteCount >= 2 else { return walk.lacks(2) }
    let length = (Int(bytes.uint8(at: 1)) + 2) * 4
    guard length >= 12 else { return .stop(.malformed) }
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    walk.headerLength = length
    return IPProtocol.step(into: bytes.uint8(at: 0), of: version, &stack)
  }

  // +---------------+---------------+---------------+---------------+
  // |  Next Header  |  Hdr Ext Len  | Routing Type  | Segments Left |
  // +---------------+---------------+---------------+---------------+
  // |                      type-specific data                       |
  // +---------------------------------------------------------------+
  /// Passes a routing header (RFC 8200 §4.4).
  ///
  /// While segments are left, the IPv6 header names only the next stop. The connection's end, which
  /// also the pseudo-header of the checksum has (RFC 8200 §8.1), is the final one.
  static func readRouting(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack,
    into segment: inout Segment
  ) -> Step {
    let step = read(bytes, &walk, &stack)
    guard case .next = step, bytes.uint8(at: 3) > 0 else { return step }
    let final: Int?
    switch bytes.uint8(at: 2) {
    // The source route of RFC 2460 and the mobile node's home address (RFC 6275 §6.4): last stop last.
    case 0, 2: final = walk.headerLength - 16
    // Segment routing (RFC 8754 §2): last stop first.
    case 4: final = 8
    default: final = nil
    }
    guard let final, final >= 8, final + 16 <= walk.headerLength else { return step }
    segment.destinationHigh = bytes.uint64(at: final)
    segment.destinationLow = bytes.uint64(at: final + 8)
    return step
  }

  // +---------------+---------------+-------------------------+---+-+
  // |  Next Header  |   Reserved    |     Fragment Offset     |Res|M|
  // +---------------+---------------+-------------------------+---+-+
  // |                        Identification                         |
  // +---------------------------------------------------------------+
  /// Passes a fragment header (RFC 8200 §4.5).
  static func readFragment(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    walk.headerLength = 8
    let nextHeader = bytes.uint8(at: 0)
    let offsetAndFlag = bytes.uint16(at: 2)
    // An atomic fragment is the whole datagram, whatever else has its identification (RFC 6946 §4).
    if offsetAndFlag & 0xfff9 == 0 { return IPProtocol.step(into: nextHeader, of: .v6, &stack) }
    walk.fragment = FragmentHeader(
      identification: bytes.uint32(at: 4), offset: Int(offsetAndFlag & 0xfff8),
      isLast: offsetAndFlag & 1 == 0, nextHeader: nextHeader)
    return .fragment
  }
}
