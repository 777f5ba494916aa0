/// The link-layer header types that can be decoded (https://www.tcpdump.org/linktypes.html).
public enum LinkType: CaseIterable, Sendable {
  case ethernet
  case null
  case loop
  case raw
  case ipv4
  case ipv6
  case linuxCooked
  case linuxCookedVersion2
  case ppp
  case pppSerial
  case pppEthernet
  case pppWithDirection
  case ciscoHDLC
  case ciscoHDLCWithDirection
  case frameRelay
  case frameRelayWithDirection
  case slip
  case fddi
  case tokenRing
  case wirelessLAN
  case wirelessLANRadiotap
  case wirelessLANPrism
  case wirelessLANAVS
  case perPacketInformation
  case arcnet
  case arcnetLinux
  case atmRFC1483
  case sunATM
  case ipOverInfiniBand
  case ipOverIEEE1394
  case ipOverFibreChannel
  case netfilterLog
  case packetFilterLog
  case openBSDEncapsulation
  case ipnet
  case pktap
  case ethernetPreemption
  case networkAnalyzer
  case networkAnalyzerTransparent
  case epon
  case juniperEthernet
  case marvellTag
  case marvellEtherTypeTag
  case broadcomTag
  case broadcomPrependedTag

  /// The link type that libpcap reports as `number`, or `nil` if it cannot be decoded.
  ///
  /// `pcap_datalink` gives `DLT_` values, files hold `LINKTYPE_` values; where the two differ on
  /// Linux, both are understood.
  public init?(number: Int32) {
    guard let linkType = Self.byNumber[number] else { return nil }
    self = linkType
  }

  private static let byNumber = Dictionary(
    uniqueKeysWithValues: allCases.flatMap { linkType in
      linkType.numbers.map { ($0, linkType) }
    })

  /// What a person calls it.
  public var name: String { register.name }

  /// The numbers that mean this type.
  public var numbers: [Int32] { register.numbers }

  /// What frames of this type begin with.
  var firstHeader: HeaderKind { register.first }

  private var register: (numbers: [Int32], name: String, first: HeaderKind) {
    switch self {
    case .ethernet: ([1], "Ethernet", .ethernet)
    case .null: ([0], "BSD loopback", .loopback)
    case .loop: ([108], "OpenBSD loopback", .loopback)
    case .raw: ([101, 12, 14], "raw IP", .ip)
    case .ipv4: ([228], "raw IPv4", .ipv4)
    case .ipv6: ([229], "raw IPv6", .ipv6)
    case .linuxCooked: ([113], "Linux cooked v1", .linuxCooked)
    case .linuxCookedVersion2: ([276], "Linux cooked v2", .linuxCookedVersion2)
    case .ppp: ([9], "PPP", .ppp)
    case .pppSerial: ([50], "PPP over HDLC", .ppp)
    case .pppEthernet: ([51], "PPPoE", .pppoe)
    case .pppWithDirection: ([204], "PPP with direction", .pppWithDirection)
    case .ciscoHDLC: ([104], "Cisco HDLC", .ciscoHDLC)
    case .ciscoHDLCWithDirection: ([205], "Cisco HDLC with direction", .ciscoHDLCWithDirection)
    case .frameRelay: ([107], "frame relay", .frameRelay)
    case .frameRelayWithDirection: ([206], "frame relay with direction", .frameRelayWithDirection)
    case .slip: ([8], "SLIP", .slip)
    case .fddi: ([10], "FDDI", .fddi)
    case .tokenRing: ([6], "token ring", .tokenRing)
    case .wirelessLAN: ([105], "802.11", .wirelessLAN)
    case .wirelessLANRadiotap: ([127], "802.11 with radiotap", .radiotap)
    case .wirelessLANPrism: ([119], "802.11 with Prism header", .prism)
    case .wirelessLANAVS: ([163], "802.11 with AVS header", .avs)
    case .perPacketInformation: ([192], "PPI", .perPacketInformation)
    case .arcnet: ([7], "ARCNET", .arcnet)
    case .arcnetLinux: ([129], "ARCNET of Linux", .arcnetLinux)
    case .atmRFC1483: ([100, 11], "ATM (RFC 1483)", .llc)
    case .sunATM: ([123], "SunATM", .sunATM)
    case .ipOverInfiniBand: ([242], "IP over InfiniBand", .ipOverInfiniBand)
    case .ipOverIEEE1394: ([138], "IP over IEEE 1394", .ipOverIEEE1394)
    case .ipOverFibreChannel: ([122], "IP over Fibre Channel", .ipOverFibreChannel)
    case .netfilterLog: ([239], "netfilter log", .netfilterLog)
    case .packetFilterLog: ([117], "pf log", .packetFilterLog)
    case .openBSDEncapsulation: ([109], "OpenBSD enc", .openBSDEncapsulation)
    case .ipnet: ([226], "Solaris ipnet", .ipnet)
    case .pktap: ([258], "PKTAP", .pktap)
    case .ethernetPreemption: ([274], "Ethernet mPackets", .ethernetPreemption)
    case .networkAnalyzer: ([240], "netANALYZER", .networkAnalyzer)
    case .networkAnalyzerTransparent:
      ([241], "netANALYZER transparent", .networkAnalyzerTransparent)
    case .epon: ([259], "EPON", .eponPreamble)
    case .juniperEthernet: ([178], "Juniper Ethernet", .juniperEthernet)
    case .marvellTag: ([284], "Marvell DSA", .marvellTag)
    case .marvellEtherTypeTag: ([285], "Marvell EDSA", .marvellEtherTypeTag)
    case .broadcomTag: ([281], "Broadcom tag", .broadcomTag)
    case .broadcomPrependedTag: ([282], "Broadcom prepended tag", .broadcomPrependedTag)
    }
  }
}
