/// The headers that the decoder knows how to pass: what can come next on its way into a frame.
enum HeaderKind: UInt8, Sendable {
  // Link: where a frame of some link type begins.
  case ethernet
  case ethernetPreemption
  case networkAnalyzer
  case networkAnalyzerTransparent
  case eponPreamble
  case juniperEthernet
  case marvellTag
  case marvellEtherTypeTag
  case broadcomTag
  case broadcomPrependedTag
  case linuxCooked
  case linuxCookedVersion2
  case loopback
  case ppp
  case pppWithDirection
  case ciscoHDLC
  case ciscoHDLCWithDirection
  case frameRelay
  case frameRelayWithDirection
  case slip
  case fddi
  case tokenRing
  case wirelessLAN
  case wirelessLANSwapped
  case wirelessSubframe
  case radiotap
  case perPacketInformation
  case prism
  case avs
  case arcnet
  case arcnetLinux
  case sunATM
  case ipOverInfiniBand
  case ipOverIEEE1394
  case ipOverFibreChannel
  case netfilterLog
  case packetFilterLog
  case openBSDEncapsulation
  case ipnet
  case pktap

  // Between link and network.
  case llc
  case snap
  case vlan
  case mpls
  case pseudowireControlWord
  case pppoe
  case providerBackbone
  case fabricPath
  case bridgePortExtension
  case vnTag
  case hsrTag

  // Network.
  case ip
  case ipv4
  case ipv6
  case hopByHopOptions
  case routing
  case fragment
  case destinationOptions
  case authentication
  case mobility
  case hostIdentity
  case shim6

  // Tunnels.
  case gre
  case erspan2
  case erspan3
  case etherIP
  case vxlan
  case vxlanGPE
  case geneve
  case gtp
  case teredo
  case ayiya
  case capwap

  // Transport.
  case tcp
  case udp
  case icmp
  case icmpv6
}

extension HeaderKind {
  /// Whether nothing but a UDP port says that this header is there.
  var isRecognisedByPort: Bool {
    switch self {
    case .vxlan, .vxlanGPE, .geneve, .gtp, .teredo, .ayiya, .capwap: true
    default: false
    }
  }
}
