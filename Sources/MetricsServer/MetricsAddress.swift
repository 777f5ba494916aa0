/// Where metrics are served: `ADDRESS:PORT`, with an address of IPv6 in brackets, or a port alone.
package struct MetricsAddress: Equatable, Sendable {
  /// An address of this machine, as text.
  package var address: String
  /// 0 stands for any that is free.
  package var port: UInt16

  package init(address: String, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Reads what a person writes.
  ///
  /// A port alone is served to programs of this machine only: the metrics tell what its network does.
  ///
  /// - Returns: `nil` where it is nothing of the kind. Whether there is such an address shows when it is
  ///   listened on.
  package init?(_ text: some StringProtocol) {
    // No port is in what has no colon but is one itself.
    let colon = text.lastIndex(of: ":")
    let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
      let port = UInt16(digits)
    else { return nil }

    let host = colon.map { text[..<$0] } ?? ""
    if host.hasPrefix("["), host.hasSuffix("]") {
      let inside = host.dropFirst().dropLast()
      guard inside.contains(":") else { return nil }
      self.init(address: String(inside), port: port)
    } else if host.isEmpty || host == "localhost" {
      self.init(address: "127.0.0.1", port: port)
    } else {
      // Names are not looked up: it would be a connection to somewhere else.
      guard host.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }) else {
        return nil
      }
      self.init(address: String(host), port: port)
    }
  }
}

extension MetricsAddress: CustomStringConvertible {
  package var description: String {
    address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
