/// The nine control bits of a TCP header (RFC 9293 §3.1; AE is the bit of RFC 9768, once NS).
public struct TCPFlags: OptionSet, Hashable, BitwiseCopyable, Sendable {
  public var rawValue: UInt16

  @inline(__always)
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  public static var fin: TCPFlags { TCPFlags(rawValue: 0x001) }
  public static var syn: TCPFlags { TCPFlags(rawValue: 0x002) }
  public static var rst: TCPFlags { TCPFlags(rawValue: 0x004) }
  public static var psh: TCPFlags { TCPFlags(rawValue: 0x008) }
  public static var ack: TCPFlags { TCPFlags(rawValue: 0x010) }
  public static var urg: TCPFlags { TCPFlags(rawValue: 0x020) }
  public static var ece: TCPFlags { TCPFlags(rawValue: 0x040) }
  public static var cwr: TCPFlags { TCPFlags(rawValue: 0x080) }
  public static var ae: TCPFlags { TCPFlags(rawValue: 0x100) }

  /// All flags with their names, from the least significant bit on.
  public static let named: [(flag: TCPFlags, name: String)] = [
    (.fin, "FIN"), (.syn, "SYN"), (.rst, "RST"), (.psh, "PSH"), (.ack, "ACK"), (.urg, "URG"),
    (.ece, "ECE"), (.cwr, "CWR"), (.ae, "AE"),
  ]
}

extension TCPFlags: CustomStringConvertible {
  /// The names of the flags that are set, joined by commas: `SYN,ACK`; `none` when there are none.
  public var description: String {
    let names = Self.named.filter { contains($0.flag) }.map(\.name)
    return names.isEmpty ? "none" : names.joined(separator: ",")
  }
}
