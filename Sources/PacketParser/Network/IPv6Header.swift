//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------+---------------+---------------------------------------+
// |Version| Traffic Class |              Flow Label               |
// +-------+---------------+-------+---------------+---------------+
// |         Payload Length        |  Next Header  |   Hop Limit   |
// +-------------------------------+---------------+---------------+
// |                   Source Address (16 bytes)                   |
// +---------------------------------------------------------------+
// |                 Destination Address (16 bytes)                |
// +---------------------------------------------------------------+
/// The IPv6 header (RFC 8200 §3).
enum IPv6Header {
  static let fields: [FieldLayout] = [
    .number("Version", at: 0, 1, mask: 0xf0),
    .number("DSCP", at: 0, 2, mask: 0x0fc0),
    .number("ECN", at: 0, 2, mask: 0x0030) { ["not ECT", "ECT(1)", "ECT(0)", "CE"][Int($0)] },
    .hexadecimal("Flow label", at: 1, 3, mask: 0x0f_ffff),
    .number("Payload length", at: 4, 2),
    .nextHeader("Next header", at: 6),
    .number("Hop limit", at: 7, 1),
    .address("Source", at: 8, 16),
    .address("Destination", at: 24, 16),
  ]

  @inline(__always)
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack,
    into segment: inout Segment
  ) -> Step {
    guard bytes.byteCount >= 40 else { return walk.lacks(40) }
    guard bytes.uint8(at: 0) >> 4 == 6 else { return .stop(.malformed) }

    let payloadLength = Int(bytes.uint16(at: 4))
    walk.isInsideIP = true
    walk.traits.formIntersection(.reassembled)
    if payloadLength == 0 {
      // A jumbogram (RFC 2675 §3) or segmentation offload.
      walk.traits.insert(.lengthFromFrame)
    } else if payloadLength &+ 40 > walk.wireLength {
      walk.traits.insert(.lengthExceedsFrame)
    } else {
      walk.wireLength = payloadLength &+ 40
    }
    walk.headerLength = 40

    segment.ipVersion = .v6
    segment.packetLength = UInt32(truncatingIfNeeded: walk.wireLength)
    segment.identification = 0
    segment.hopLimit = bytes.uint8(at: 7)
    segment.sourceHigh = bytes.uint64(at: 8)
    segment.sourceLow = bytes.uint64(at: 16)
    segment.destinationHigh = bytes.uint64(at: 24)
    segment.destinationLow = bytes.uint64(at: 32)
    return IPProtocol.step(into: bytes.uint8(at: 6), of: .v6, &stack)
  }
}
