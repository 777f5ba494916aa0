/// A kind of file that libpcap does not read, but whose first bytes tell what to do with it.
public enum ForeignFile: CaseIterable, Sendable {
  case xz
  case bzip2
  case lz4
  case zip
  case snoop
  case text

  /// The kind of file that begins with `bytes`; `nil` when they say nothing.
  init?(firstBytes bytes: [UInt8]) {
    let known = Self.allCases.first { kind in kind.magic.map { bytes.starts(with: $0) } ?? false }
    let isText = bytes.count >= 4 && bytes.allSatisfy { 0x20..<0x7f ~= $0 || 9...13 ~= $0 }
    guard let kind = known ?? (isText ? .text : nil) else { return nil }
    self = kind
  }

  private var magic: [UInt8]? {
    switch self {
    case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
    case .bzip2: Array("BZh".utf8)
    case .lz4: [0x04, 0x22, 0x4d, 0x18]
    case .zip: [0x50, 0x4b, 0x03, 0x04]
    case .snoop: Array("snoop\0".utf8)
    case .text: nil
    }
  }

  var meaning: String {
    switch self {
    case .xz: "it is compressed with xz"
    case .bzip2: "it is compressed with bzip2"
    case .lz4: "it is compressed with lz4"
    case .zip: "it is a zip archive"
    case .snoop: "it is a snoop capture (RFC 1761)"
    case .text: "it is text"
    }
  }

  /// What makes a readable capture of it.
  var remedy: String {
    switch self {
    case .xz: "Decompress it on the way: xz -dc FILE | synfin -"
    case .bzip2: "Decompress it on the way: bzip2 -dc FILE | synfin -"
    case .lz4: "Decompress it on the way: lz4 -dc FILE | synfin -"
    case .zip: "Decompress it on the way: unzip -p FILE | synfin -"
    case .snoop: "Convert it: editcap -F pcapng FILE OUT.pcapng"
    case .text: "If it is a hex dump of packets, convert it: text2pcap FILE OUT.pcap"
    }
  }
}
