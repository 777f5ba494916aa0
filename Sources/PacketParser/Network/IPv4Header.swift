//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------+-------+---------------+-------------------------------+
// |Version|  IHL  |Type of Service|          Total Length         |
// +-------+-------+---------------+-----+-------------------------+
// |         Identification        |Flags|     Fragment Offset     |
// +---------------+---------------+-----+-------------------------+
// |  Time to Live |    Protocol   |        Header Checksum        |
// +---------------+---------------+-------------------------------+
// |                         Source Address                        |
// +---------------------------------------------------------------+
// |                      Destination Address                      |
// +---------------------------------------------------------------+
// |                        Options, padding                       |
// +---------------------------------------------------------------+
/// The IPv4 header (RFC 791 §3.1).
enum IPv4Header {
  static let fields: [FieldLayout] = [
    .number("Version", at: 0, 1, mask: 0xf0),
    .number("Header length", at: 0, 1, mask: 0x0f) { "\($0 * 4) bytes" },
    .number("DSCP", at: 1, 1, mask: 0xfc),
    .number("ECN", at: 1, 1, mask: 0x03) { ["not ECT", "ECT(1)", "ECT(0)", "CE"][Int($0)] },
    .number("Total length", at: 2, 2),
    .hexadecimal("Identification", at: 4, 2),
    .flag("Don't fragment", at: 6, 1, mask: 0x40),
    .flag("More fragments", at: 6, 1, mask: 0x20),
    .number("Fragment offset", at: 6, 2, mask: 0x1fff) { $0 == 0 ? nil : "byte \($0 * 8)" },
    .number("Time to live", at: 8, 1),
    .nextHeader("Protocol", at: 9),
    .hexadecimal("Header checksum", at: 10, 2),
    .address("Source", at: 12, 4),
    .address("Destination", at: 16, 4),
  ]

  @inline(__always)
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack,
    into segment: inout Segment
  ) -> Step {
    guard bytes.byteCount >= 20 else { return walk.lacks(20) }
    let versionAndLength = bytes.uint8(at: 0)
    let headerLength = Int(versionAndLength & 0x0f) &* 4
    guard versionAndLength >> 4 == 4, headerLength >= 20 else { return .stop(.malformed) }
    guard headerLength <= bytes.byteCount else { return walk.lacks(headerLength) }

    let totalLength = Int(bytes.uint16(at: 2))
    walk.isInsideIP = true
    walk.traits.formIntersection(.reassembled)
    if totalLength == 0 {
      // Segmentation offload: the packet was longer than the field, or not yet cut to size.
      walk.traits.insert(.lengthFromFrame)
    } else if totalLength > walk.wireLength {
      walk.traits.insert(.lengthExceedsFrame)
    } else {
      guard totalLength >= headerLength else { return .stop(.malformed) }
      walk.wireLength = totalLength
    }
    walk.headerLength = headerLength

    segment.packetLength = UInt32(truncatingIfNeeded: walk.wireLength)
    readFields(bytes, at: 0, into: &segment)
    if headerLength > 20 {
      readOptions(bytes.extracting(20..<headerLength), into: &segment)
    }

    let flagsAndOffset = bytes.uint16(at: 6)
    if flagsAndOffset & 0x3fff != 0 {
      walk.fragment = FragmentHeader(
        identification: UInt32(segment.identification), offset: Int(flagsAndOffset & 0x1fff) * 8,
        isLast: flagsAndOffset & 0x2000 == 0, nextHeader: bytes.uint8(at: 9))
      return .fragment
    }
    return IPProtocol.step(into: bytes.uint8(at: 9), of: .v4, &stack)
  }

  /// Whether the header at `start` has no options, belongs to no fragment and says that a packet of
  /// protocol `number` follows; its first 20 bytes must be there.
  @inline(__always)
  static func isPlain(_ bytes: RawSpan, at start: Int, carrying number: UInt8) -> Bool {
    bytes.uint8(at: start) == 0x45 && bytes.uint16(at: start &+ 6) & 0x3fff == 0
      && bytes.uint8(at: start &+ 9) == number
  }

  /// Reads what the header at `start` says of a segment, but for its lengths.
  @inline(__always)
  static func readFields(_ bytes: RawSpan, at start: Int, into segment: inout Segment) {
    segment.ipVersion = .v4
    segment.identification = bytes.uint16(at: start &+ 4)
    segment.hopLimit = bytes.uint8(at: start &+ 8)
    segment.sourceHigh = 0
    segment.sourceLow = UInt64(bytes.uint32(at: start &+ 12))
    segment.destinationHigh = 0
    segment.destinationLow = UInt64(bytes.uint32(at: start &+ 16))
  }

  /// Looks for a source route (RFC 791 §3.1): while it is not at its end, the header names only the
  /// next stop, and the connection's end, also for TCP's checksum (RFC 1122 §4.2.3.8), is the last.
  @inline(never)
  private static func readOptions(_ options: RawSpan, into segment: inout Segment) {
    var offset = 0
    while offset + 3 <= options.byteCount, options.uint8(at: offset) != 0 {
      let kind = options.uint8(at: offset)
      if kind == 1 {
        offset += 1
        continue
      }
      let length = Int(options.uint8(at: offset + 1))
      guard length >= 2, offset + length <= options.byteCount else { return }
      // Loose and strict; the pointer counts from 1.
      if kind == 131 || kind == 137, length >= 7, options.uint8(at: offset + 2) <= length - 3 {
        segment.destinationLow = UInt64(options.uint32(at: offset + length - 4))
      }
      offset += length
    }
  }
}
