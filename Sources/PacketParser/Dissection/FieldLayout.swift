/// Where a field stands in its header, and how a person reads it.
struct FieldLayout: Sendable {
  let name: String
  /// Bytes from the header's first one.
  let offset: Int
  let byteLength: Int
  /// The bits of those bytes that are the field's, for numbers.
  var mask: UInt64 = .max
  var format = Format.decimal
  var meaning: @Sendable (UInt64) -> String? = { _ in nil }

  enum Format: Sendable {
    case decimal
    case hexadecimal
    /// `02:00:00:00:00:01`
    case bytes
    case ipAddress
  }

  static func number(
    _ name: String, at offset: Int, _ byteLength: Int, mask: UInt64 = .max,
    meaning: @escaping @Sendable (UInt64) -> String? = { _ in nil }
  ) -> FieldLayout {
    FieldLayout(
      name: name, offset: offset, byteLength: byteLength, mask: mask, meaning: meaning)
  }

  static func hexadecimal(
    _ name: String, at offset: Int, _ byteLength: Int, mask: UInt64 = .max,
    meaning: @escaping @Sendable (UInt64) -> String? = { _ in nil }
  ) -> FieldLayout {
    FieldLayout(
      name: name, offset: offset, byteLength: byteLength, mask: mask, format: .hexadecimal,
      meaning: meaning)
  }

  /// A single bit.
  static func flag(
    _ name: String, at offset: Int, _ byteLength: Int, mask: UInt64
  ) -> FieldLayout {
    number(name, at: offset, byteLength, mask: mask) { $0 == 0 ? "not set" : "set" }
  }

  static func bytes(_ name: String, at offset: Int, _ byteLength: Int) -> FieldLayout {
    FieldLayout(name: name, offset: offset, byteLength: byteLength, format: .bytes)
  }

  /// An IPv4 address of 4 bytes or an IPv6 address of 16.
  static func address(_ name: String, at offset: Int, _ byteLength: Int) -> FieldLayout {
    FieldLayout(name: name, offset: offset, byteLength: byteLength, format: .ipAddress)
  }

  static func etherType(at offset: Int) -> FieldLayout {
    hexadecimal("Type", at: offset, 2) { type in
      type <= 1500 ? "length" : EtherType.name(of: UInt16(truncatingIfNeeded: type))
    }
  }

  static func nextHeader(_ name: String, at offset: Int) -> FieldLayout {
    number(name, at: offset, 1) { IPProtocol.name(of: UInt8(truncatingIfNeeded: $0)) }
  }
}

/// The bytes of one header, as far as they were captured, and where it stands.
struct HeaderBytes {
  private let bytes: [UInt8]
  private let start: Int

  init(_ bytes: [UInt8], at start: Int) {
    self.bytes = bytes
    self.start = start
  }

  var count: Int { bytes.count }

  /// The fields that were captured.
  func fields(_ layouts: [FieldLayout]) -> [DissectedField] {
    layouts.compactMap(field)
  }

  /// A number, or `nil` where it was not captured.
  func number(at offset: Int, _ byteLength: Int) -> UInt64? {
    guard offset >= 0, byteLength <= 8, offset + byteLength <= bytes.count else { return nil }
    return bytes[offset..<(offset + byteLength)].reduce(0) { $0 << 8 | UInt64($1) }
  }

  func field(_ layout: FieldLayout) -> DissectedField? {
    guard layout.offset + layout.byteLength <= bytes.count else { return nil }
    let part = bytes[layout.offset..<(layout.offset + layout.byteLength)]
    let number = self.number(at: layout.offset, layout.byteLength) ?? 0
    let masked = (number & layout.mask) >> UInt64(layout.mask.trailingZeroBitCount)
    let value =
      switch layout.format {
      case .decimal: String(masked)
      case .hexadecimal: "0x" + Self.digits(masked, layout.byteLength * 2)
      case .bytes: part.map { Self.digits(UInt64($0), 2) }.joined(separator: ":")
      case .ipAddress: address(part).description
      }
    return DissectedField(
      name: layout.name, value: value, meaning: layout.meaning(masked),
      offset: start + layout.offset, byteLength: layout.byteLength)
  }

  private func address(_ part: ArraySlice<UInt8>) -> IPAddress {
    let words = stride(from: part.startIndex, to: part.endIndex, by: 4).map {
      part[$0..<min($0 + 4, part.endIndex)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard words.count == 4 else { return IPAddress(v4: UInt32(words.first ?? 0)) }
    return IPAddress(v6: words[0] << 32 | words[1], words[2] << 32 | words[3])
  }

  private static func digits(_ number: UInt64, _ count: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
