/// The addresses that begin with the same bits (RFC 4632 §3.1, RFC 4291 §2.3).
package struct IPNetwork: Sendable {
  private let first: IPAddress
  /// How many of 128 bits are the network's; of IPv4 the first 96 are.
  private let length: Int

  /// A network as `10.0.0.0/8` or `fd00::/8`, or a single address; `nil` if it is neither.
  package init?(_ text: Substring) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = parts.first.flatMap({ IPAddress($0) }) else {
      return nil
    }
    let most = address.version == .v4 ? 32 : 128
    guard parts.count < 2 || parts[1].allSatisfy({ $0.isASCII && $0.isNumber }),
      let bits = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(bits)
    else {
      return nil
    }
    first = address
    length = bits + 128 - most
  }

  package func contains(_ address: IPAddress) -> Bool {
    guard address.version == first.version else { return false }
    return Self.agree(address.high, first.high, min(length, 64))
      && Self.agree(address.low, first.low, max(0, length - 64))
  }

  private static func agree(_ left: UInt64, _ right: UInt64, _ bits: Int) -> Bool {
    bits == 0 || (left ^ right) >> UInt64(64 - bits) == 0
  }
}
