import PacketParser
import Testing
import TraceScript

struct LinkTypeTests {
  @Test(arguments: LinkType.allCases)
  func `a link type is known by each of its numbers`(linkType: LinkType) {
    for number in linkType.numbers {
      #expect(LinkType(number: number) == linkType)
    }
    #expect(!linkType.numbers.isEmpty)
  }

  @Test func `names tell link types apart`() {
    let names = LinkType.allCases.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(
    arguments: [
      (0, .null), (1, .ethernet), (12, .raw), (14, .raw), (101, .raw), (113, .linuxCooked),
      (276, .linuxCookedVersion2), (105, .wirelessLAN), (127, .wirelessLANRadiotap), (9, .ppp),
    ] as [(Int32, LinkType)])
  func `the numbers are libpcap's`(number: Int32, linkType: LinkType) {
    #expect(LinkType(number: number) == linkType)
  }

  @Test(arguments: [-1, 2, 147, 195, 0x7fff_ffff] as [Int32])
  func `other numbers cannot be decoded`(number: Int32) {
    #expect(LinkType(number: number) == nil)
  }

  /// Frames that are sound, and carry no IP that can be read.
  static let withoutIP: [(name: String, linkType: LinkType, hexadecimal: String)] = [
    ("loopback, AppleTalk", .null, "10000000"),
    ("raw, version 5", .raw, "50"),
    ("cooked, netlink", .linuxCooked, "0000 0338 0000 0000000000000000 0000"),
    ("cooked, ARP", .linuxCooked, "0000 0001 0006 0200000000010000 0806"),
    ("cooked v2, ARP", .linuxCookedVersion2, "0806 0000 00000003 0001 0006 0200000000010000"),
    ("PPP, LCP", .ppp, "ff03 c021"),
    ("PPPoE, discovery", .pppEthernet, "1109 0000 0000"),
    ("Cisco HDLC, keep-alive", .ciscoHDLC, "8f00 8035"),
    ("frame relay, LMI", .frameRelay, "0001 0308"),
    ("FDDI, a token", .fddi, "80 \(SampleFrame.macs)"),
    ("token ring, MAC frame", .tokenRing, "1000 \(SampleFrame.macs)"),
    ("802.11, a beacon", .wirelessLAN, "8000 0000 \(SampleFrame.zeros(20))"),
    ("802.11, encrypted", .wirelessLAN, "0841 0000 \(SampleFrame.zeros(20))"),
    ("802.11, QoS null", .wirelessLAN, "c801 0000 \(SampleFrame.zeros(22))"),
    ("ARCNET, ARP", .arcnet, "0102 d5 00 0001"),
    ("SunATM, signalling", .sunATM, "06 00 0005"),
    ("netfilter log, a later version", .netfilterLog, "02 01 0000"),
    ("mPacket of no kind", .ethernetPreemption, "55555555555555 00"),
    ("Juniper without its magic", .juniperEthernet, "00000001"),
    ("PPI, a link type of no use", .perPacketInformation, "0000 0800 c3000000"),
    ("PKTAP, a link type of no use", .pktap, "0c000000 01000000 ffffffff"),
    ("MPLS, an associated channel", .ethernet, "\(SampleFrame.macs) 8847 000101ff 10000021"),
    ("SNAP, another organization", .atmRFC1483, "aaaa03 00000c 2000"),
    ("LLC, spanning tree", .atmRFC1483, "424203"),
  ]

  @Test(arguments: withoutIP)
  func `what is not IP is not IP`(name: String, linkType: LinkType, hexadecimal: String) {
    let frame = bytes(hexadecimal) + bytes(SampleFrame.zeros(64))
    #expect(decode(frame, linkType).fate == .notIP, "\(name)")
  }

  @Test(
    arguments: [
      ("ARCNET", .arcnet, "0102 d4 02 0001"), ("mPacket", .ethernetPreemption, "55555555555555 61"),
      ("802.11", .wirelessLAN, "0805 0000 \(SampleFrame.zeros(20))"),
      ("802.11, a later one", .wirelessLAN, "0801 0000 \(SampleFrame.zeros(18)) 0100"),
    ] as [(String, LinkType, String)])
  func `a link's own fragments are fragments`(
    name: String, linkType: LinkType, hexadecimal: String
  ) {
    let frame = bytes(hexadecimal) + bytes(SampleFrame.zeros(64))
    #expect(decode(frame, linkType).fate == .fragment, "\(name)")
  }
}
