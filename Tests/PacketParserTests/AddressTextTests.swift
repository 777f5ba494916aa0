import PacketParser
import Testing

struct AddressTextTests {
  @Test(arguments: [
    (IPAddress(v4: 0xc000_0201), "192.0.2.1"),
    (IPAddress(v6: 0x2001_0db8_0000_0000, 1), "2001:db8::1"),
    (IPAddress(v6: 0, 0), "::"),
    (IPAddress(v6: 0, 1), "::1"),
    // The first of two equally long runs is shortened, and a single zero group is not.
    (IPAddress(v6: 0x2001_0db8_0000_0000, 0x0001_0000_0000_0001), "2001:db8::1:0:0:1"),
    (IPAddress(v6: 0x2001_0db8_0000_0001, 0x0001_0001_0001_0001), "2001:db8:0:1:1:1:1:1"),
    (IPAddress(v6: 0, 0xffff_c000_0201), "::ffff:192.0.2.1"),
    (IPAddress(v6: 0xfe80_0000_0000_0000, 0), "fe80::"),
  ])
  func `an address has its canonical text`(address: IPAddress, text: String) {
    #expect(address.description == text)
  }
}
