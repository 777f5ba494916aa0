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
    #expect(IPAddress(text[...]) == address)
  }

  @Test(arguments: [
    ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
    ("1::", "1::"), ("2001:db8::192.0.2.1", "2001:db8::c000:201"),
  ])
  func `other forms of the same address are read`(text: String, canonical: String) {
    #expect(IPAddress(text[...])?.description == canonical)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.+4", "01.2.3.0004", ":", ":::", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7::8", "1.2.3.4::", "::1.2.3",
    "192.0.2.1 ", "2001:db8::1%eth0",
  ])
  func `what is no address is not read`(text: String) {
    #expect(IPAddress(text[...]) == nil)
  }
}
