/// An IPv4 or IPv6 address, as a flat value.
public struct IPAddress: Hashable, BitwiseCopyable, Sendable {
  /// The first eight bytes of an IPv6 address; 0 in an IPv4 address.
  public var high: UInt64
  /// The last eight bytes of an IPv6 address; the whole of an IPv4 address, in the low 32 bits.
  public var low: UInt64
  public var version: IPVersion

  @inline(__always)
  public init(high: UInt64, low: UInt64, version: IPVersion) {
    self.high = high
    self.low = low
    self.version = version
  }

  public init(v4 address: UInt32) {
    self.init(high: 0, low: UInt64(address), version: .v4)
  }

  public init(v6 high: UInt64, _ low: UInt64) {
    self.init(high: high, low: low, version: .v6)
  }

  /// Whether it is of the host itself: 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1 (RFC 4291 §2.5.3).
  public var isLoopback: Bool {
    switch version {
    case .v4: low >> 24 == 127
    case .v6: high == 0 && low == 1
    }
  }
}

/// Which Internet Protocol: the version nibble of its header.
public enum IPVersion: UInt8, Sendable, BitwiseCopyable {
  case v4 = 4
  case v6 = 6
}

extension IPAddress: CustomStringConvertible {
  /// The canonical text: dotted decimal, or RFC 5952 for IPv6.
  public var description: String {
    switch version {
    case .v4: Self.dotted(UInt32(truncatingIfNeeded: low))
    case .v6: version6Text
    }
  }

  private static func dotted(_ address: UInt32) -> String {
    "\(address >> 24).\(address >> 16 & 0xff).\(address >> 8 & 0xff).\(address & 0xff)"
  }

  private var version6Text: String {
    // RFC 5952 §5: an address with an IPv4 address in a well-known prefix keeps it dotted.
    if high == 0, low >> 32 == 0xffff {
      return "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: low))
    }
    let groups = (0..<8).map { index in
      UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64((3 - index % 4) * 16))
    }
    let text = { (range: Range<Int>) in
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard let zeros = Self.longestRunOfZeros(in: groups) else { return text(0..<8) }
    return text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<8)
  }

  /// The first of the longest runs of two or more zero groups (RFC 5952 §4.2).
  private static func longestRunOfZeros(in groups: [UInt16]) -> Range<Int>? {
    var best = 0..<0
    var start = 0
    for index in groups.indices {
      if groups[index] != 0 {
        start = index + 1
      } else if index + 1 - start > best.count {
        best = start..<(index + 1)
      }
    }
    return best.count >= 2 ? best : nil
  }
}
