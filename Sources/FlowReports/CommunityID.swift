import Crypto
package import PacketParser

/// The Community ID of a TCP connection, version 1 with seed 0: one name for a flow in all tools.
///
/// SHA-1 over seed, the two addresses and ports in canonical order, the protocol and a padding byte,
/// in network byte order, as Base64 behind `1:` (github.com/corelight/community-id-spec).
package func communityID(_ one: SocketAddress, _ other: SocketAddress) -> String {
  var text = RecordText()
  text.append(communityIDOf: one, other)
  return String(decoding: text.bytes, as: UTF8.self)
}

extension RecordText {
  /// Adds the Community ID of the connection between the two.
  ///
  /// What is hashed stands in its place before.
  mutating func append(communityIDOf one: SocketAddress, _ other: SocketAddress) {
    let start = count
    let (lower, upper) = Self.isOrdered(one, other) ? (one, other) : (other, one)
    append(kept: UInt16(0))
    append(inNetworkOrder: lower.address)
    append(inNetworkOrder: upper.address)
    append(kept: UInt16(6).littleEndian)
    append(kept: lower.port.bigEndian)
    append(kept: upper.port.bigEndian)
    var hash = Insecure.SHA1()
    update(&hash, from: start)
    truncate(to: start)
    append("1:", "", "")
    append(base64: hash.finalize())
  }

  private mutating func append(inNetworkOrder address: IPAddress) {
    switch address.version {
    case .v4: append(kept: UInt32(truncatingIfNeeded: address.low).bigEndian)
    case .v6:
      append(kept: address.high.bigEndian)
      append(kept: address.low.bigEndian)
    }
  }

  private static func isOrdered(_ one: SocketAddress, _ other: SocketAddress) -> Bool {
    let (left, right) = (one.address, other.address)
    if left.high != right.high { return left.high < right.high }
    if left.low != right.low { return left.low < right.low }
    return one.port < other.port
  }
}
