import PacketParser

/// The addresses that begin with the same bits (RFC 4632 §3.1, RFC 4291 §2.3).
struct IPNetwork: Sendable {
  private let first: IPAddress
  /// How many of 128 bits are the network's; of IPv4 the first 96 are.
  private let length: Int

  /// A network as `10.0.0.0/8` or `fd00::/8`, or a single address; `nil` if it is neither.
  init?(_ text: Substring) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = parts.first.flatMap({ IPAddress(text: $0) }) else {
      return nil
    }
    let most = address.version == .v4 ? 32 : 128
    guard let bits = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(bits) else {
      return nil
    }
    first = address
    length = bits + 128 - most
  }

  func contains(_ address: IPAddress) -> Bool {
    guard address.version == first.version else { return false }
    return Self.agree(address.high, first.high, min(length, 64))
      && Self.agree(address.low, first.low, max(0, length - 64))
  }

  private static func agree(_ left: UInt64, _ right: UInt64, _ bits: Int) -> Bool {
    bits == 0 || (left ^ right) >> UInt64(64 - bits) == 0
  }
}

extension IPAddress {
  /// An address in dotted decimal, or in any form of RFC 4291 §2.2; `nil` if it is none.
  init?(text: Substring) {
    guard text.contains(":") else {
      guard let address = Self.dotted(text) else { return nil }
      self.init(v4: address)
      return
    }
    guard let groups = Self.groups(text) else { return nil }
    let word = { (range: Range<Int>) in
      groups[range].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    }
    self.init(v6: word(0..<4), word(4..<8))
  }

  private static func dotted(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard part.count <= 3, part.allSatisfy({ $0.isASCII && $0.isNumber }),
        let byte = UInt8(part)
      else { return nil }
      address = address << 8 | UInt32(byte)
    }
    return address
  }

  /// The eight groups of sixteen bits, `::` filled with zeroes.
  private static func groups(_ text: Substring) -> [UInt16]? {
    guard let gap = text.firstRange(of: "::") else {
      let groups = plainGroups(text)
      return groups?.count == 8 ? groups : nil
    }
    guard let head = plainGroups(text[..<gap.lowerBound]),
      let tail = plainGroups(text[gap.upperBound...]), head.count + tail.count <= 7
    else { return nil }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func plainGroups(_ text: Substring) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.contains("."), let address = dotted(part) {
        groups += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
      } else {
        guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }
}
