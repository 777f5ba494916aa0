extension HeaderKind {
  /// What a person calls the header.
  var name: String { register.name }

  /// How many bytes to look at if the header itself could not be read.
  var minimumLength: Int {
    register.fields.map { $0.offset + $0.byteLength }.max() ?? 0
  }

  /// The header's fields with their values.
  func dissect(_ header: HeaderBytes, _ segment: Segment) -> [DissectedField] {
    switch self {
    case .tcp: TCPHeader.dissect(header, segment)
    default: header.fields(register.fields)
    }
  }

  private var register: (name: String, fields: [FieldLayout]) {
    switch self {
    case .ethernet: ("Ethernet", EthernetHeader.fields)
    case .ethernetPreemption: ("Ethernet preamble", [.bytes("Preamble", at: 0, 8)])
    case .networkAnalyzer: ("netANALYZER header", [.bytes("Header", at: 0, 4)])
    case .networkAnalyzerTransparent: ("netANALYZER header", [.bytes("Header", at: 0, 12)])
    case .eponPreamble: ("EPON preamble", [.bytes("Preamble", at: 0, 8)])
    case .juniperEthernet: ("Juniper header", [.hexadecimal("Flags", at: 3, 1)])
    case .marvellTag: ("Ethernet with DSA tag", SwitchTag.fields(tagLength: 4))
    case .marvellEtherTypeTag: ("Ethernet with EDSA tag", SwitchTag.fields(tagLength: 8))
    case .broadcomTag: ("Ethernet with Broadcom tag", SwitchTag.fields(tagLength: 4))
    case .broadcomPrependedTag: ("Broadcom tag", [.bytes("Tag", at: 0, 4)])
    case .linuxCooked: ("Linux cooked capture v1", LinuxCookedHeader.fields)
    case .linuxCookedVersion2: ("Linux cooked capture v2", LinuxCookedHeader.version2Fields)
    case .loopback: ("BSD loopback", [.hexadecimal("Address family", at: 0, 4)])
    case .ppp: ("PPP", [])
    case .pppWithDirection, .ciscoHDLCWithDirection, .frameRelayWithDirection:
      ("Direction", [.number("Direction", at: 0, 1)])
    case .ciscoHDLC:
      ("Cisco HDLC", [.hexadecimal("Address", at: 0, 1), .etherType(at: 2)])
    case .frameRelay: ("Frame relay", [])
    case .slip: ("SLIP", [.number("Direction", at: 0, 1)])
    case .fddi: ("FDDI", FDDIHeader.fields)
    case .tokenRing: ("Token ring", TokenRingHeader.fields)
    case .wirelessLAN: ("IEEE 802.11", WirelessHeader.fields)
    case .wirelessLANSwapped: ("IEEE 802.11", WirelessHeader.fields)
    case .wirelessSubframe: ("IEEE 802.11 A-MSDU subframe", WirelessHeader.subframeFields)
    case .radiotap: ("Radiotap", [.number("Version", at: 0, 1)])
    case .perPacketInformation: ("PPI", [.number("Version", at: 0, 1)])
    case .prism: ("Prism header", [])
    case .avs: ("AVS header", [])
    case .arcnet: ("ARCNET", [.number("Protocol", at: 2, 1)])
    case .arcnetLinux: ("ARCNET", [.number("Protocol", at: 4, 1)])
    case .sunATM: ("SunATM", SunATMHeader.fields)
    case .ipOverInfiniBand: ("IP over InfiniBand", [.etherType(at: 40)])
    case .ipOverIEEE1394: ("IP over IEEE 1394", [.etherType(at: 16)])
    case .ipOverFibreChannel: ("IP over Fibre Channel", [])
    case .netfilterLog: ("Netfilter log", [.number("Address family", at: 0, 1)])
    case .packetFilterLog: ("pf log", [.number("Address family", at: 1, 1)])
    case .openBSDEncapsulation: ("OpenBSD enc", [])
    case .ipnet: ("Solaris ipnet", [.number("Address family", at: 1, 1)])
    case .pktap: ("PKTAP", [])

    case .llc: ("LLC", LLCHeader.fields)
    case .snap: ("SNAP", [.hexadecimal("Organization", at: 0, 3), .etherType(at: 3)])
    case .vlan: ("VLAN tag", VLANTag.fields)
    case .mpls: ("MPLS", MPLSLabel.fields)
    case .pseudowireControlWord: ("Pseudowire", [.hexadecimal("Control word", at: 0, 4)])
    case .pppoe: ("PPPoE session", PPPoEHeader.fields)
    case .providerBackbone:
      ("IEEE 802.1ah", [.number("Service (I-SID)", at: 0, 4, mask: 0x00ff_ffff)])
    case .fabricPath: ("FabricPath", [.number("Tree", at: 0, 2, mask: 0xffc0)])
    case .bridgePortExtension: ("IEEE 802.1BR", [.bytes("Tag", at: 0, 6), .etherType(at: 6)])
    case .vnTag: ("VN-Tag", [.bytes("Tag", at: 0, 4), .etherType(at: 4)])
    case .hsrTag: ("HSR", [.number("Sequence", at: 2, 2), .etherType(at: 4)])

    case .ip: ("IP", [.number("Version", at: 0, 1, mask: 0xf0)])
    case .ipv4: ("IPv4", IPv4Header.fields)
    case .ipv6: ("IPv6", IPv6Header.fields)
    case .hopByHopOptions: ("IPv6 hop-by-hop options", IPv6Extension.fields)
    case .routing: ("IPv6 routing", IPv6Extension.routingFields)
    case .fragment: ("IPv6 fragment", IPv6Extension.fragmentFields)
    case .destinationOptions: ("IPv6 destination options", IPv6Extension.fields)
    case .authentication: ("Authentication header", IPv6Extension.authenticationFields)
    case .mobility: ("IPv6 mobility", IPv6Extension.fields)
    case .hostIdentity: ("Host identity protocol", IPv6Extension.fields)
    case .shim6: ("Shim6", IPv6Extension.fields)

    case .gre: ("GRE", GREHeader.fields)
    case .erspan2: ("ERSPAN type II", ERSPANHeader.fields)
    case .erspan3: ("ERSPAN type III", ERSPANHeader.fields)
    case .etherIP: ("EtherIP", [.number("Version", at: 0, 2, mask: 0xf000)])
    case .vxlan: ("VXLAN", VXLANHeader.fields)
    case .vxlanGPE: ("VXLAN-GPE", VXLANHeader.fields)
    case .geneve: ("Geneve", GeneveHeader.fields)
    case .gtp: ("GTP-U", GTPHeader.fields)
    case .teredo: ("Teredo", [])
    case .ayiya: ("AYIYA", [.nextHeader("Next header", at: 3)])

    case .capwap: ("CAPWAP", CAPWAPHeader.fields)

    case .tcp: ("TCP", TCPHeader.fields)
    case .udp: ("UDP", UDPHeader.fields)
    case .icmp: ("ICMP", ICMPMessage.fields)
    case .icmpv6: ("ICMPv6", ICMPMessage.fields)
    }
  }
}

extension EtherType {
  static func name(of type: UInt16) -> String? {
    switch type {
    case 0x0800: "IPv4"
    case 0x0806: "ARP"
    case 0x86dd: "IPv6"
    case 0x8100: "802.1Q VLAN"
    case 0x88a8: "802.1ad VLAN"
    case 0x9100, 0x9200, 0x9300: "VLAN (before 802.1ad)"
    case 0x8847, 0x8848: "MPLS"
    case 0x8863: "PPPoE discovery"
    case 0x8864: "PPPoE session"
    case 0x880b: "PPP"
    case 0x88cc: "LLDP"
    case 0x88e5: "MACsec"
    case 0x88e7: "802.1ah"
    case 0x8903: "FabricPath"
    case 0x8926: "VN-Tag"
    case 0x892f: "HSR"
    case 0x893f: "802.1BR"
    case 0x6558: "Ethernet"
    case 0x88be: "ERSPAN"
    case 0x22eb: "ERSPAN type III"
    default: nil
    }
  }
}

extension IPProtocol {
  static func name(of number: UInt8) -> String? {
    switch number {
    case 0: "hop-by-hop options"
    case 1: "ICMP"
    case 2: "IGMP"
    case 4: "IPv4"
    case 6: "TCP"
    case 17: "UDP"
    case 41: "IPv6"
    case 43: "routing"
    case 44: "fragment"
    case 47: "GRE"
    case 50: "ESP"
    case 51: "authentication"
    case 58: "ICMPv6"
    case 59: "none"
    case 60: "destination options"
    case 97: "EtherIP"
    case 132: "SCTP"
    case 135: "mobility"
    case 137: "MPLS"
    case 139: "host identity"
    case 140: "shim6"
    default: nil
    }
  }
}
