import PacketParser
import Testing
import TraceScript

/// A frame made by hand: an outer part in hexadecimal around the same TCP segment everywhere.
struct SampleFrame: Sendable, CustomTestStringConvertible {
  var name: String
  var linkType: LinkType
  var bytes: [UInt8]
  /// The layers that the decoder is to report.
  var layers: [EncapsulationLayer] = []

  var testDescription: String { name }

  init(
    _ name: String, _ linkType: LinkType, _ outer: String, _ inner: [UInt8] = packet,
    layers: [EncapsulationLayer] = []
  ) {
    self.name = name
    self.linkType = linkType
    self.bytes = TraceScript.bytes(outer) + inner
    self.layers = layers
  }

  static func onEthernet(
    _ name: String, _ outer: String, _ inner: [UInt8] = packet, layers: [EncapsulationLayer] = []
  ) -> SampleFrame {
    SampleFrame(name, .ethernet, outer, inner, layers: layers)
  }

  static let all = linkTypes + tags + tunnels

  /// 192.0.2.1:40000 to 192.0.2.2:80 with 24 bytes of payload: 64 bytes in all.
  static let segment: FrameBuilder = {
    var builder = FrameBuilder()
    builder.payload = Array(1...24)
    return builder
  }()
  static let packet = segment.packet

  /// The same over IPv6: 84 bytes.
  static let segment6: FrameBuilder = {
    var builder = FrameBuilder(
      from: SocketAddress(address: IPAddress(v6: 0x2001_0db8_0000_0000, 1), port: 40000),
      to: SocketAddress(address: IPAddress(v6: 0x2001_0db8_0000_0000, 2), port: 80))
    builder.payload = Array(1...24)
    return builder
  }()
  static let packet6 = segment6.packet

  /// The packet in an Ethernet frame of its own.
  static let ethernet = segment.ethernet

  static let macs = "020000000002 020000000001"
  static let snap = "aaaa03 000000 0800"
}

// MARK: One for each link type, and for each shape of its header

extension SampleFrame {
  static let linkTypes: [SampleFrame] = [
    SampleFrame("Ethernet", .ethernet, "\(macs) 0800"),
    SampleFrame("Ethernet, IPv6", .ethernet, "\(macs) 86dd", packet6),
    SampleFrame("Ethernet, LLC with IP's own SAP", .ethernet, "\(macs) 0043 060603"),
    SampleFrame("Ethernet, SNAP", .ethernet, "\(macs) 0048 \(snap)"),
    SampleFrame("BSD loopback, little-endian", .null, "02000000"),
    SampleFrame("BSD loopback, big-endian", .null, "00000002"),
    SampleFrame("BSD loopback, IPv6 of Linux", .null, "0a000000", packet6),
    SampleFrame("BSD loopback, IPv6 of OpenBSD", .null, "18000000", packet6),
    SampleFrame("BSD loopback, IPv6 of FreeBSD", .null, "1c000000", packet6),
    SampleFrame("BSD loopback, IPv6 of Darwin", .null, "0000001e", packet6),
    SampleFrame("OpenBSD loopback", .loop, "00000002"),
    SampleFrame("raw IP", .raw, ""),
    SampleFrame("raw IP, version 6", .raw, "", packet6),
    SampleFrame("raw IPv4", .ipv4, ""),
    SampleFrame("raw IPv6", .ipv6, "", packet6),
    SampleFrame("cooked", .linuxCooked, "0000 0001 0006 020000000001 0000 0800"),
    SampleFrame(
      "cooked, VLAN", .linuxCooked, "0000 0001 0006 020000000001 0000 8100 000c 0800",
      layers: [.vlan(12)]),
    SampleFrame("cooked, LLC", .linuxCooked, "0000 0001 0006 020000000001 0000 0004 \(snap)"),
    SampleFrame("cooked v2", .linuxCookedVersion2, "0800 0000 00000003 0001 0006 0200000000010000"),
    SampleFrame("PPP, HDLC-like", .ppp, "ff03 0021"),
    SampleFrame("PPP, bare", .ppp, "0021"),
    SampleFrame("PPP, compressed protocol", .ppp, "21"),
    SampleFrame("PPP, IPv6", .ppp, "ff03 0057", packet6),
    SampleFrame("PPP, MPLS", .ppp, "ff03 0281 000101ff", layers: [.mpls(16)]),
    SampleFrame("Cisco HDLC under PPP's number", .ppp, "0f00 0800"),
    SampleFrame("PPP over HDLC", .pppSerial, "ff03 0021"),
    SampleFrame(
      "PPPoE", .pppEthernet, "1100 0007 0042 0021", layers: [.pppoe(session: 7)]),
    SampleFrame("PPP with direction", .pppWithDirection, "01 ff03 0021"),
    SampleFrame("Cisco HDLC", .ciscoHDLC, "8f00 0800"),
    SampleFrame("Cisco HDLC, NLPID", .ciscoHDLC, "fefe03 cc"),
    SampleFrame("Cisco HDLC with direction", .ciscoHDLCWithDirection, "00 0f00 0800"),
    SampleFrame("frame relay, NLPID", .frameRelay, "1841 03cc"),
    SampleFrame("frame relay, SNAP", .frameRelay, "1841 0300 80 000000 0800"),
    SampleFrame("frame relay, bridged", .frameRelay, "1841 0300 80 0080c2 0007", ethernet),
    SampleFrame("frame relay, Cisco", .frameRelay, "1841 0800"),
    SampleFrame("frame relay, long address", .frameRelay, "18400001 03cc"),
    SampleFrame("frame relay with direction", .frameRelayWithDirection, "00 1841 03cc"),
    SampleFrame("SLIP", .slip, "00 000000000000000000000000000000"),
    SampleFrame("FDDI", .fddi, "50 \(macs) \(snap)"),
    SampleFrame("token ring", .tokenRing, "1040 \(macs) \(snap)"),
    SampleFrame(
      "token ring, routed", .tokenRing, "1040 020000000002 820000000001 0630 0011 0020 \(snap)"),
    SampleFrame("802.11", .wirelessLAN, "0801 3a01 \(macs) 020000000003 1000 \(snap)"),
    SampleFrame("802.11, QoS", .wirelessLAN, "8802 3a01 \(macs) 020000000003 1000 0000 \(snap)"),
    SampleFrame(
      "802.11, QoS with HT control", .wirelessLAN,
      "8882 3a01 \(macs) 020000000003 1000 0000 00000000 \(snap)"),
    SampleFrame(
      "802.11, four addresses", .wirelessLAN,
      "0803 3a01 \(macs) 020000000003 1000 020000000004 \(snap)"),
    SampleFrame(
      "802.11, A-MSDU", .wirelessLAN,
      "8801 3a01 \(macs) 020000000003 1000 8000 \(macs) 0048 \(snap)"),
    SampleFrame(
      "radiotap", .wirelessLANRadiotap,
      "0000 0800 00000000 0801 3a01 \(macs) 020000000003 1000 \(snap)"),
    SampleFrame(
      "radiotap, padded header", .wirelessLANRadiotap,
      """
      0000 1900 03000080 00000000 00000000 0000000000000000 20
      8801 3a01 \(macs) 020000000003 1000 0000 0000 \(snap)
      """),
    SampleFrame(
      "Prism", .wirelessLANPrism,
      "44000000 90000000 \(zeros(136)) 0801 3a01 \(macs) 020000000003 1000 \(snap)"),
    SampleFrame(
      "AVS under Prism's number", .wirelessLANPrism,
      "80211001 00000040 \(zeros(56)) 0801 3a01 \(macs) 020000000003 1000 \(snap)"),
    SampleFrame(
      "AVS", .wirelessLANAVS,
      "80211001 00000040 \(zeros(56)) 0801 3a01 \(macs) 020000000003 1000 \(snap)"),
    SampleFrame("PPI, Ethernet", .perPacketInformation, "0000 0800 01000000", ethernet),
    SampleFrame(
      "PPI, 802.11", .perPacketInformation,
      "0000 0800 69000000 0801 3a01 \(macs) 020000000003 1000 \(snap)"),
    SampleFrame("ARCNET, RFC 1051", .arcnet, "0102 f0"),
    SampleFrame("ARCNET, RFC 1201", .arcnet, "0102 d4 00 0001"),
    SampleFrame("ARCNET, exception frame", .arcnet, "0102 d4 ff ffff d4 00 0001"),
    SampleFrame("ARCNET, IPv6", .arcnet, "0102 c4 00 0001", packet6),
    SampleFrame("ARCNET of Linux", .arcnetLinux, "0102 0000 d4 00 0001"),
    SampleFrame("ATM, SNAP", .atmRFC1483, snap),
    SampleFrame("ATM, routed", .atmRFC1483, "fefe03 cc"),
    SampleFrame("SunATM, LLC", .sunATM, "02 00 0021 \(snap)"),
    SampleFrame("SunATM, LAN emulation", .sunATM, "01 00 0021 0000", ethernet),
    SampleFrame("InfiniBand", .ipOverInfiniBand, "\(zeros(40)) 0800 0000"),
    SampleFrame("IEEE 1394", .ipOverIEEE1394, "\(zeros(16)) 0800"),
    SampleFrame("Fibre Channel", .ipOverFibreChannel, "\(zeros(16)) \(snap)"),
    SampleFrame("netfilter log", .netfilterLog, "02 00 0000 0700 0100 08000100 4400 0900"),
    SampleFrame("pf log", .packetFilterLog, "3d 02 0000 \(zeros(60))"),
    SampleFrame("OpenBSD enc", .openBSDEncapsulation, "02000000 00001234 00000000"),
    SampleFrame("ipnet", .ipnet, "01 02 \(zeros(22))"),
    SampleFrame("PKTAP", .pktap, "0c000000 01000000 01000000", ethernet),
    SampleFrame("mPacket, express", .ethernetPreemption, "55555555555555 d5", ethernet),
    SampleFrame("mPacket, first part", .ethernetPreemption, "55555555555555 e6", ethernet),
    SampleFrame("netANALYZER", .networkAnalyzer, "00000000", ethernet),
    SampleFrame(
      "netANALYZER, transparent", .networkAnalyzerTransparent, "00000000 55555555555555d5",
      ethernet),
    SampleFrame("EPON", .epon, "5555d50000000000", ethernet),
    SampleFrame("Juniper", .juniperEthernet, "4d4743 01", ethernet),
    SampleFrame("Juniper, extensions", .juniperEthernet, "4d4743 80 0003 010101", ethernet),
    SampleFrame("DSA", .marvellTag, "\(macs) 40000000 0800"),
    SampleFrame("EDSA", .marvellEtherTypeTag, "\(macs) dada 0000 40000000 0800"),
    SampleFrame("Broadcom tag", .broadcomTag, "\(macs) 20000001 0800"),
    SampleFrame("Broadcom tag, prepended", .broadcomPrependedTag, "20000001", ethernet),
  ]

  static func zeros(_ count: Int) -> String {
    String(repeating: "00", count: count)
  }
}

// MARK: What stands between Ethernet and IP

extension SampleFrame {
  static let tags: [SampleFrame] = [
    onEthernet("VLAN", "\(macs) 8100 f00c 0800", layers: [.vlan(12)]),
    onEthernet("802.1ad", "\(macs) 88a8 0001 8100 0002 0800", layers: [.vlan(1), .vlan(2)]),
    onEthernet(
      "three old tags", "\(macs) 9100 0001 9200 0002 9300 0003 0800",
      layers: [.vlan(1), .vlan(2), .vlan(3)]),
    onEthernet("VLAN, SNAP", "\(macs) 8100 000c 0048 \(snap)", layers: [.vlan(12)]),
    onEthernet("MPLS", "\(macs) 8847 000101ff", layers: [.mpls(16)]),
    onEthernet(
      "two labels, IPv6", "\(macs) 8848 000100ff 7ffff1ff", packet6,
      layers: [.mpls(16), .mpls(0x7ffff)]),
    onEthernet(
      "pseudowire with control word", "\(macs) 8847 000101ff 00000000", ethernet,
      layers: [.mpls(16)]),
    onEthernet(
      "pseudowire without", "\(macs) 8847 000101ff 220000000002 020000000001 0800",
      layers: [.mpls(16)]),
    onEthernet(
      "PPPoE session", "\(macs) 8864 1100 0007 0042 0021", layers: [.pppoe(session: 7)]),
    onEthernet(
      "802.1ah", "\(macs) 88a8 0005 88e7 00000123", ethernet,
      layers: [.vlan(5), .backbone(service: 0x123)]),
    onEthernet("FabricPath", "\(macs) 8903 0401", ethernet),
    onEthernet("802.1BR", "\(macs) 893f 000100020000 0800"),
    onEthernet("VN-Tag", "\(macs) 8926 00010002 0800"),
    onEthernet("HSR", "\(macs) 892f 00460001 0800"),
  ]
}

// MARK: What stands between IP and TCP

extension SampleFrame {
  /// An outer packet between 198.51.100.1 and 198.51.100.2.
  private static func wrapped(
    _ name: String, in protocolNumber: UInt8, _ outer: String, _ inner: [UInt8] = packet,
    layers: [EncapsulationLayer]
  ) -> SampleFrame {
    var builder = FrameBuilder()
    builder.source.address = IPAddress(v4: 0xc633_6401)
    builder.destination.address = IPAddress(v4: 0xc633_6402)
    let content = TraceScript.bytes(outer) + inner
    let carrier = builder.ipPacket(carrying: content, protocolNumber: protocolNumber)
    return onEthernet(name, "\(macs) 0800", carrier, layers: layers)
  }

  /// The same with UDP to `port`.
  private static func tunneled(
    _ name: String, to port: UInt16, _ outer: String, _ inner: [UInt8] = packet,
    layers: [EncapsulationLayer]
  ) -> SampleFrame {
    let content = TraceScript.bytes(outer) + inner
    let header = bigEndian(UInt16(50000)) + bigEndian(port) + bigEndian(UInt16(8 + content.count))
    return wrapped(name, in: 17, "", header + [0, 0] + content, layers: layers)
  }

  static let tunnels: [SampleFrame] = [
    wrapped("IPv4 in IPv4", in: 4, "", layers: [.ip(.v4)]),
    wrapped("IPv6 in IPv4", in: 41, "", packet6, layers: [.ip(.v4)]),
    onEthernet(
      "IPv4 in IPv6", "\(macs) 86dd", segment6.ipPacket(carrying: packet, protocolNumber: 4),
      layers: [.ip(.v6)]),
    onEthernet(
      "IPv6 in IPv6", "\(macs) 86dd", segment6.ipPacket(carrying: packet6, protocolNumber: 41),
      layers: [.ip(.v6)]),
    wrapped(
      "authentication", in: 51, "06 04 0000 00000001 00000001 \(zeros(12))",
      segment.tcpBetweenCarriers, layers: []),
    wrapped("MPLS in IP", in: 137, "000101ff", layers: [.mpls(16)]),
    wrapped("EtherIP", in: 97, "3000", ethernet, layers: []),
    wrapped("GRE", in: 47, "0000 0800", layers: [.gre(key: nil)]),
    wrapped(
      "GRE with everything", in: 47, "b000 86dd abcd0000 0000002a 00000007", packet6,
      layers: [.gre(key: 42)]),
    wrapped("GRE, Ethernet", in: 47, "2000 6558 00000001", ethernet, layers: [.gre(key: 1)]),
    wrapped(
      "PPTP", in: 47, "3081 880b 0044 0009 00000001 00000002 ff03 0021",
      layers: [.gre(key: 9)]),
    wrapped("ERSPAN I", in: 47, "0000 88be", ethernet, layers: [.gre(key: nil)]),
    wrapped(
      "ERSPAN II", in: 47, "1000 88be 00000001 1001 0064 00000000", ethernet,
      layers: [.gre(key: nil), .erspan(session: 100)]),
    wrapped(
      "ERSPAN III", in: 47, "1000 22eb 00000001 2001 0064 00000000 0000 0000", ethernet,
      layers: [.gre(key: nil), .erspan(session: 100)]),
    wrapped(
      "ERSPAN III with subheader", in: 47,
      "1000 22eb 00000001 2001 0064 00000000 0000 0001 0000000000000000", ethernet,
      layers: [.gre(key: nil), .erspan(session: 100)]),
    wrapped(
      "ERSPAN III, IP", in: 47, "1000 22eb 00000001 2001 0064 00000000 0000 0800",
      layers: [.gre(key: nil), .erspan(session: 100)]),
    tunneled("VXLAN", to: 4789, "08000000 00002a00", ethernet, layers: [.vxlan(network: 42)]),
    tunneled(
      "VXLAN of Linux", to: 8472, "08000000 00002a00", ethernet,
      layers: [.vxlan(network: 42)]),
    tunneled("VXLAN-GPE", to: 4790, "0c000001 00002a00", layers: [.vxlan(network: 42)]),
    tunneled(
      "Geneve, Ethernet", to: 6081, "01006558 00002a00 01020300", ethernet,
      layers: [.geneve(network: 42)]),
    tunneled("Geneve, IP", to: 6081, "00000800 00002a00", layers: [.geneve(network: 42)]),
    tunneled("GTP-U", to: 2152, "30ff 0040 00000007", layers: [.gtp(tunnel: 7)]),
    tunneled(
      "GTP-U with extensions", to: 2152,
      "37ff 0050 00000007 0001 02 85 01100985 02 1122334455 00 00",
      layers: [.gtp(tunnel: 7)]),
    tunneled("Teredo", to: 3544, "", packet6, layers: [.teredo]),
    tunneled(
      "Teredo with both headers", to: 3544,
      "0001 0204 aabb 11223344 0000000000000001 00 0000 1234 c0000201", packet6,
      layers: [.teredo]),
    tunneled(
      "AYIYA", to: 5072, "44 52 11 29 00000000 \(zeros(16)) \(zeros(20))", packet6,
      layers: [.ayiya]),
    tunneled("CAPWAP, Ethernet", to: 5247, "00100200 00000000", ethernet, layers: [.capwap]),
    tunneled(
      "CAPWAP, 802.11", to: 5247,
      "00180320 00000000 00000000 0801 3a01 \(macs) 020000000003 1000 \(snap)",
      layers: [.capwap]),
    tunneled(
      "CAPWAP, 802.11 with swapped control", to: 5247,
      "00100300 00000000 0188 3a01 \(macs) 020000000003 1000 0000 \(snap)",
      layers: [.capwap]),
    tunneled("GRE in UDP", to: 4754, "0000 0800", layers: [.gre(key: nil)]),
    tunneled("MPLS in UDP", to: 6635, "000101ff", layers: [.mpls(16)]),
  ]
}

extension FrameBuilder {
  /// The segment with the addresses of the packets that `SampleFrame` wraps others in.
  fileprivate var tcpBetweenCarriers: [UInt8] {
    var builder = self
    builder.source.address = IPAddress(v4: 0xc633_6401)
    builder.destination.address = IPAddress(v4: 0xc633_6402)
    return builder.tcp
  }
}
