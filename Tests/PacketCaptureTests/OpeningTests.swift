import PacketCapture
import Testing
import TraceScript

/// What cannot be opened says why, and what would work.
struct OpeningTests {
  static let readable =
    "\n  Readable: pcap and pcapng, as they are or compressed with gzip or zstd."

  @Test func `a file that is not there, and a folder`() throws {
    let folder = try TemporaryFolder()
    let missing = readCapture(folder.path + "/missing").error
    let directory = readCapture(folder.path).error
    #expect(
      missing
        == .cannotOpen(path: folder.path + "/missing", reason: "No such file or directory"))
    #expect(directory == .cannotOpen(path: folder.path, reason: "Is a directory"))
    #expect(directory?.description == "cannot open '\(folder.path)': Is a directory")
  }

  @Test(arguments: [
    ("", "it is empty\(readable)"),
    ("d4", "it ends within its file header\(readable)"),
    (
      "d4c3b2a1 0200 0400",
      "it ends within its file header\(readable)"
    ),
    ("00010203 04050607 08", "unknown file format\(readable)"),
    (
      "fd377a58 5a000004",
      "it is compressed with xz\n  Decompress it on the way: xz -dc FILE | synfin -"
    ),
    (
      "736e6f6f 70000000 00000002",
      "it is a snoop capture (RFC 1761)\n  Convert it: editcap -F pcapng FILE OUT.pcapng"
    ),
    (
      "30303030 20203030 20",
      "it is text\n  If it is a hex dump of packets, convert it: text2pcap FILE OUT.pcap"
    ),
    ("1f8b", "the gzip stream ends early, at byte 2\(readable)"),
    (
      "1f8b0900 00000000",
      "the gzip stream is damaged (unknown compression method), at byte 4\(readable)"
    ),
    ("28b52ffd", "the Zstandard stream ends early, at byte 4\(readable)"),
  ])
  func `a file that is no capture`(hexadecimal: String, meaning: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("trace", bytes(hexadecimal))
    let message = readCapture(path).error?.description
    #expect(message == "cannot read '\(path)': \(meaning)")
  }

  @Test func `compressed nonsense is nonsense`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("trace", gzipMember([1, 2, 3, 4, 5]))
    let message = readCapture(path).error?.description
    #expect(message == "cannot read '\(path)': unknown file format\(Self.readable)")
  }
}
