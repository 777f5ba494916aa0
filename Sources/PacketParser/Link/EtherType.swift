/// What an Ethernet type field says comes next (IEEE 802.3 §3.2.6; numbers: IANA's IEEE 802 registry).
enum EtherType {
  /// The step that a type-or-length field asks for, once `walk.headerLength` is set.
  @inline(__always)
  static func step(into type: UInt16, _ walk: inout Walk) -> Step {
    if type == 0x0800 { return .next(.ipv4) }
    return uncommonStep(into: type, &walk)
  }

  @inline(never)
  private static func uncommonStep(into type: UInt16, _ walk: inout Walk) -> Step {
    switch type {
    case 0x86dd: return .next(.ipv6)
    // 802.1Q, 802.1ad, and what switches used before 802.1ad.
    case 0x8100, 0x88a8, 0x9100, 0x9200, 0x9300: return .next(.vlan)
    case 0x8847, 0x8848: return .next(.mpls)
    case 0x8864: return .next(.pppoe)
    case 0x880b: return .next(.ppp)
    case 0x88e7: return .next(.providerBackbone)
    case 0x8903: return .next(.fabricPath)
    case 0x893f: return .next(.bridgePortExtension)
    case 0x8926: return .next(.vnTag)
    case 0x892f: return .next(.hsrTag)
    case 0x6558: return .next(.ethernet)
    // A length: an LLC header follows, and what lies beyond the length is padding.
    case 0...1500:
      walk.end(at: walk.headerLength + Int(type))
      return .next(.llc)
    default: return .stop(.notIP)
    }
  }
}
