extension FrameDecoder {
  /// Reads a header that most frames do not have.
  @inline(never)
  mutating func readUncommon(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: inout Walk, into segment: inout Segment
  ) -> Step {
    switch kind {
    case .ethernet, .ipv4, .ipv6, .tcp:
      preconditionFailure("the common headers are read where the walk goes on")

    case .ethernetPreemption: PreemptionHeader.read(bytes, &walk)
    case .networkAnalyzer: FixedPrefix.read(bytes, &walk, length: 4, then: .ethernet)
    case .networkAnalyzerTransparent: FixedPrefix.read(bytes, &walk, length: 12, then: .ethernet)
    case .eponPreamble: FixedPrefix.read(bytes, &walk, length: 8, then: .ethernet)
    case .juniperEthernet: JuniperHeader.read(bytes, &walk)
    case .marvellTag: FixedTag.read(bytes, &walk, length: 18)
    case .marvellEtherTypeTag: FixedTag.read(bytes, &walk, length: 22)
    case .broadcomTag: FixedTag.read(bytes, &walk, length: 18)
    case .broadcomPrependedTag: FixedPrefix.read(bytes, &walk, length: 4, then: .ethernet)
    case .linuxCooked: LinuxCookedHeader.read(bytes, &walk)
    case .linuxCookedVersion2: LinuxCookedHeader.readVersion2(bytes, &walk)
    case .loopback: LoopbackHeader.read(bytes, &walk)
    case .ppp: PPPHeader.read(bytes, &walk)
    case .pppWithDirection: FixedPrefix.read(bytes, &walk, length: 1, then: .ppp)
    case .ciscoHDLC: CiscoHDLCHeader.read(bytes, &walk)
    case .ciscoHDLCWithDirection: FixedPrefix.read(bytes, &walk, length: 1, then: .ciscoHDLC)
    case .frameRelay: FrameRelayHeader.read(bytes, &walk)
    case .frameRelayWithDirection: FixedPrefix.read(bytes, &walk, length: 1, then: .frameRelay)
    case .slip: FixedPrefix.read(bytes, &walk, length: 16, then: .ip)
    case .fddi: FDDIHeader.read(bytes, &walk)
    case .tokenRing: TokenRingHeader.read(bytes, &walk)
    case .wirelessLAN: WirelessHeader.read(bytes, &walk)
    case .wirelessLANSwapped: WirelessHeader.read(bytes, &walk, isSwapped: true)
    case .wirelessSubframe: WirelessHeader.readSubframe(bytes, &walk)
    case .radiotap: RadiotapHeader.read(bytes, &walk)
    case .perPacketInformation: PerPacketInformation.read(bytes, &walk)
    case .prism: PrismHeader.read(bytes, &walk)
    case .avs: PrismHeader.readAVS(bytes, &walk)
    case .arcnet: ARCNETHeader.read(bytes, &walk, typeOffset: 2)
    case .arcnetLinux: ARCNETHeader.read(bytes, &walk, typeOffset: 4)
    case .sunATM: SunATMHeader.read(bytes, &walk)
    case .ipOverInfiniBand: InfiniBandHeader.read(bytes, &walk)
    case .ipOverIEEE1394: FixedTag.read(bytes, &walk, length: 18)
    case .ipOverFibreChannel: FixedPrefix.read(bytes, &walk, length: 16, then: .llc)
    case .netfilterLog: NetfilterLogHeader.read(bytes, &walk)
    case .packetFilterLog: PacketFilterLogHeader.read(bytes, &walk)
    case .openBSDEncapsulation: FixedPrefix.read(bytes, &walk, length: 12, then: .ip)
    case .ipnet: FixedPrefix.read(bytes, &walk, length: 24, then: .ip)
    case .pktap: PKTAPHeader.read(bytes, &walk)

    case .llc: LLCHeader.read(bytes, &walk)
    case .snap: SNAPHeader.read(bytes, &walk)
    case .vlan: VLANTag.read(bytes, &walk, &encapsulations.current)
    case .mpls: MPLSLabel.read(bytes, &walk, &encapsulations.current)
    case .pseudowireControlWord: FixedPrefix.read(bytes, &walk, length: 4, then: .ethernet)
    case .pppoe: PPPoEHeader.read(bytes, &walk, &encapsulations.current)
    case .providerBackbone: BackboneTag.read(bytes, &walk, &encapsulations.current)
    case .fabricPath: FixedPrefix.read(bytes, &walk, length: 2, then: .ethernet)
    case .bridgePortExtension: FixedTag.read(bytes, &walk, length: 8)
    case .vnTag: FixedTag.read(bytes, &walk, length: 6)
    case .hsrTag: FixedTag.read(bytes, &walk, length: 6)

    case .ip: IPHeader.read(bytes, &walk)
    case .hopByHopOptions, .destinationOptions, .mobility, .hostIdentity, .shim6:
      IPv6Extension.read(bytes, &walk, &encapsulations.current)
    case .routing:
      IPv6Extension.readRouting(bytes, &walk, &encapsulations.current, into: &segment)
    case .fragment: IPv6Extension.readFragment(bytes, &walk, &encapsulations.current)
    case .authentication:
      IPv6Extension.readAuthentication(
        bytes, &walk, &encapsulations.current, of: segment.ipVersion)

    case .icmp, .icmpv6: readICMP(bytes, &walk, of: segment)
    case .udp: UDPHeader.read(bytes, &walk)
    case .gre: GREHeader.read(bytes, &walk, &encapsulations.current)
    case .erspan2: ERSPANHeader.readType2(bytes, &walk, &encapsulations.current)
    case .erspan3: ERSPANHeader.readType3(bytes, &walk, &encapsulations.current)
    case .etherIP: FixedPrefix.read(bytes, &walk, length: 2, then: .ethernet)
    case .vxlan: VXLANHeader.read(bytes, &walk, &encapsulations.current, isGeneric: false)
    case .vxlanGPE: VXLANHeader.read(bytes, &walk, &encapsulations.current, isGeneric: true)
    case .geneve: GeneveHeader.read(bytes, &walk, &encapsulations.current)
    case .gtp: GTPHeader.read(bytes, &walk, &encapsulations.current)
    case .teredo: TeredoHeader.read(bytes, &walk, &encapsulations.current)
    case .ayiya: AYIYAHeader.read(bytes, &walk, &encapsulations.current)
    case .capwap: CAPWAPHeader.read(bytes, &walk, &encapsulations.current)
    }
  }

  private mutating func readICMP(
    _ bytes: RawSpan, _ walk: inout Walk, of carrier: Segment
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    error = ICMPMessage.read(bytes, of: carrier)
    guard error != nil else { return .stop(.notTCP) }
    error?.encapsulation = encapsulations.identifyCurrent()
    walk.headerLength = 8
    return .icmpError
  }
}
