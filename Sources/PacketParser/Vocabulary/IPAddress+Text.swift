// An address as people write it.
extension IPAddress {
  /// An address in dotted decimal, or in any form of RFC 4291 §2.2; `nil` if it is none.
  public init?(_ text: Substring) {
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
      let groups = plainGroups(text, endsAddress: true)
      return groups?.count == 8 ? groups : nil
    }
    guard let head = plainGroups(text[..<gap.lowerBound], endsAddress: false),
      let tail = plainGroups(text[gap.upperBound...], endsAddress: true),
      head.count + tail.count <= 7
    else { return nil }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func plainGroups(_ text: Substring, endsAddress: Bool) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if endsAddress, index == parts.count - 1, part.contains("."), let address = dotted(part) {
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
