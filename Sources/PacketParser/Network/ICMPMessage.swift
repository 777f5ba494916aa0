//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +---------------+---------------+-------------------------------+
// |     Type      |     Code      |           Checksum            |
// +---------------+---------------+-------------------------------+
// |                    depends on type and code                   |
// +---------------------------------------------------------------+
// |      the packet in question, or as much of it as fits         |
// +---------------------------------------------------------------+
/// ICMP and ICMPv6 errors (RFC 792, RFC 4443 §3), which quote the packet that they are about.
enum ICMPMessage {
  static let fields: [FieldLayout] = [
    .number("Type", at: 0, 1), .number("Code", at: 1, 1), .hexadecimal("Checksum", at: 2, 2),
  ]

  /// The error in at least 8 bytes, if it is one and quotes a TCP segment up to its sequence number.
  static func read(_ bytes: RawSpan, of carrier: Segment) -> ICMPError? {
    let type = bytes.uint8(at: 0)
    let code = bytes.uint8(at: 1)
    let isError =
      switch (carrier.ipVersion, type) {
      // Destination unreachable, source quench, time exceeded, parameter problem.
      case (.v4, 3), (.v4, 4), (.v4, 11), (.v4, 12): true
      // Destination unreachable, packet too big, time exceeded, parameter problem.
      case (.v6, 1...4): true
      default: false
      }
    guard isError else { return nil }

    let nextHopMTU: UInt32 =
      switch (carrier.ipVersion, type, code) {
      case (.v4, 3, 4): UInt32(bytes.uint16(at: 6))
      case (.v6, 2, _): bytes.uint32(at: 4)
      default: 0
      }
    let quote = bytes.extracting(droppingFirst: 8)
    guard let quoted = QuotedSegment(quote, of: carrier.ipVersion) else { return nil }
    return ICMPError(
      frame: carrier.frame, time: carrier.time, reporter: carrier.source.address,
      source: quoted.source, destination: quoted.destination, sequence: quoted.sequence,
      type: type, code: code, nextHopMTU: nextHopMTU)
  }
}

/// What an ICMP error quotes of a TCP segment: at least ports and sequence number.
private struct QuotedSegment {
  let source: SocketAddress
  let destination: SocketAddress
  let sequence: SequenceNumber

  init?(_ quote: RawSpan, of version: IPVersion) {
    // The walk that every packet takes, but only as far as the transport header.
    var segment = Segment()
    var stack = EncapsulationStack()
    var walk = Walk(wireLength: Int(UInt32.max))
    var rest = quote
    var kind: HeaderKind = version == .v4 ? .ipv4 : .ipv6
    while kind != .tcp {
      let step: Step
      switch kind {
      case .ipv4: step = IPv4Header.read(rest, &walk, &stack, into: &segment)
      case .ipv6: step = IPv6Header.read(rest, &walk, &stack, into: &segment)
      case .hopByHopOptions, .destinationOptions: step = IPv6Extension.read(rest, &walk, &stack)
      case .routing: step = IPv6Extension.readRouting(rest, &walk, &stack, into: &segment)
      case .fragment: step = IPv6Extension.readFragment(rest, &walk, &stack)
      default: return nil
      }
      switch step {
      case .next(let next): kind = next
      // The first fragment has the header.
      case .fragment where walk.fragment.offset == 0 && walk.fragment.nextHeader == 6: kind = .tcp
      default: return nil
      }
      guard walk.headerLength <= rest.byteCount else { return nil }
      rest = rest.extracting(droppingFirst: walk.headerLength)
    }
    guard rest.byteCount >= 8 else { return nil }
    segment.sourcePort = rest.uint16(at: 0)
    segment.destinationPort = rest.uint16(at: 2)
    source = segment.source
    destination = segment.destination
    sequence = SequenceNumber(rest.uint32(at: 4))
  }
}
