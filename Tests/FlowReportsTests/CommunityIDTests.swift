import FlowReports
import PacketParser
import Testing

/// The baseline of github.com/corelight/community-id-spec, and what other tools print for it.
struct CommunityIDTests {
  private static let version4 = (
    SocketAddress(address: IPAddress(v4: 0x80e8_6e78), port: 34855),
    SocketAddress(address: IPAddress(v4: 0x4223_facc), port: 80),
    "1:LQU9qZlK+B5F3KDmev6m5PMibrg="
  )
  private static let version6 = (
    SocketAddress(
      address: IPAddress(v6: 0x2001_0470_e5bf_dead, 0x4957_2174_e82c_4887), port: 63943),
    SocketAddress(address: IPAddress(v6: 0x2607_f8b0_400c_0c03, 0x1a), port: 25),
    "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="
  )

  @Test(arguments: [version4, version6])
  func `the name of a flow is that of the specification, in both directions`(
    one: SocketAddress, other: SocketAddress, expected: String
  ) {
    #expect(communityID(one, other) == expected)
    #expect(communityID(other, one) == expected)
  }

  @Test func `between equal addresses the ports decide`() {
    let loopback = IPAddress(v4: 0x7f00_0001)
    let one = SocketAddress(address: loopback, port: 50000)
    let other = SocketAddress(address: loopback, port: 80)
    #expect(communityID(one, other) == communityID(other, one))
    #expect(communityID(one, other) != communityID(one, one))
  }
}
