import PacketCapture
import Testing
import TraceScript

struct CaptureFilterTests {
  @Test func `a filter hides frames, but they keep their numbers`() throws {
    let folder = try TemporaryFolder()
    let capture = [
      ethernetFrame(ipProtocol: 17, port: 53), ethernetFrame(ipProtocol: 6, port: 80),
      ethernetFrame(ipProtocol: 6, port: 22), ethernetFrame(ipProtocol: 6, port: 80),
      ethernetFrame(ipProtocol: 17, port: 80),
    ]
    let path = try folder.file("trace", CaptureBytes().pcap(capture))
    var file = try CaptureFile(path: path)
    try file.setFilter("tcp port 80")
    var receiver = Collector()
    try file.forEachFrame(&receiver)
    let counts = [file.framesRead, file.framesSkippedByFilter]
    #expect(receiver.numbers == [2, 4])
    #expect(counts == [5, 3])
  }

  @Test func `damage is numbered by the file, not by the filter`() throws {
    let folder = try TemporaryFolder()
    let capture = (0..<6).map { ethernetFrame(ipProtocol: $0.isMultiple(of: 2) ? 6 : 17, port: 80) }
    let bytes = CaptureBytes().pcap(capture).dropLast()
    let (read, error) = readCapture(try folder.file("trace", Array(bytes)), filter: "tcp")
    let numbers = read.map(\.number)
    #expect(numbers == [1, 3, 5])
    #expect(error?.damage?.packet == 6)
  }

  /// The caret stands under the word that libpcap could not accept.
  @Test(arguments: [
    ("tcp prot 80", "    ^"),
    ("tcp and prot 80 and host 192.0.2.1", "        ^"),
    ("tcp && & udp", "       ^"),
    ("(tcp or udp", "           ^"),
    ("(tcp or udp) and (port 80 or (port 81)", "                                      ^"),
    ("tcp)", "   ^"),
    ("tcp) and udp", "   ^"),
    ("tcp and", "       ^"),
    ("tcp and   ", "       ^"),
    ("not", "   ^"),
    ("tcp or or udp", "       ^"),
    ("tcp port 80 udp", "            ^"),
    ("tcp[13 & 2 != 0", "           ^"),
    ("tcp and port htpp and udp", "             ^"),
    ("port 80 or port 70000 or port 81", "                ^"),
    ("tcp and (net 192.0.2.1/24 or udp)", "                       ^"),
    ("ip and arp and tcp", "       ^"),
    ("host 192.0.2.1 and tcp[0:3]=1 and udp", "                          ^"),
    ("tcp and ip proto \\foo or udp", "                 ^"),
    ("tcp[13] = 99999999999 and udp", "          ^"),
    ("tcp and vlan and wrong or udp", "                 ^"),
    ("tcp and 5", "        ^"),
  ])
  func `a mistake is shown where it is`(expression: String, marker: String) {
    let lines = mistake(expression)?.description.split(separator: "\n").map(String.init) ?? []
    #expect(lines.dropFirst() == ["  \(expression)", "  \(marker)"])
  }

  @Test func `a mistake is told in libpcap's words`() {
    let reasons = ["tcp and port htpp", "ip and arp", "tcp\0 foo"].map { mistake($0)?.reason }
    #expect(
      reasons == ["unknown port 'htpp'", "expression rejects all packets", "a NUL character"])
    let column = mistake("tcp\0 foo")?.column
    #expect(column == 4)
  }

  @Test func `an expression in other letters is no danger`() {
    let columns = ["tcp and pört 80", "🙂", "tcp and 🙂"].map { mistake($0)?.column }
    #expect(columns == [9, 1, 9])
  }

  private func mistake(_ expression: String) -> FilterMistake? {
    do throws(CaptureError) {
      _ = try CaptureFilter(expression, linkTypeNumber: 1, snapLength: 65535)
      return nil
    } catch {
      guard case .filter(let mistake) = error else { return nil }
      return mistake
    }
  }
}
