/// What an IPv4 protocol or IPv6 next-header field says comes next (IANA's protocol numbers).
enum IPProtocol {
  /// The step that the number asks for, inside a packet of `version`.
  @inline(__always)
  static func step(
    into number: UInt8, of version: IPVersion, _ stack: inout EncapsulationStack
  ) -> Step {
    if number == 6 { return .next(.tcp) }
    return uncommonStep(into: number, of: version, &stack)
  }

  @inline(never)
  private static func uncommonStep(
    into number: UInt8, of version: IPVersion, _ stack: inout EncapsulationStack
  ) -> Step {
    switch (number, version) {
    case (17, _): .next(.udp)
    case (1, .v4): .next(.icmp)
    case (58, .v6): .next(.icmpv6)
    case (4, _): stack.push(.ip(version)) ? .next(.ipv4) : .stop(.nestedTooDeep)
    case (41, _): stack.push(.ip(version)) ? .next(.ipv6) : .stop(.nestedTooDeep)
    case (47, _): .next(.gre)
    case (97, _): .next(.etherIP)
    case (137, _): .next(.mpls)
    case (51, _): .next(.authentication)
    case (0, .v6): .next(.hopByHopOptions)
    case (43, .v6): .next(.routing)
    case (44, .v6): .next(.fragment)
    case (60, .v6): .next(.destinationOptions)
    case (135, .v6): .next(.mobility)
    case (139, .v6): .next(.hostIdentity)
    case (140, .v6): .next(.shim6)
    // Encrypted (ESP), nothing (IPv6-NoNxt), or a transport other than TCP.
    default: .stop(.notTCP)
    }
  }
}

/// An IP header of whichever version its first bits say.
enum IPHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 1 else { return walk.lacks(1) }
    switch bytes.uint8(at: 0) >> 4 {
    case 4: return walk.pass(0, then: .ipv4)
    case 6: return walk.pass(0, then: .ipv6)
    default: return .stop(.notIP)
    }
  }
}
