package import PacketParser

/// One JSON text, written key by key in the order in which it is to stand.
///
/// Foundation's encoder keeps neither the order of keys nor nine decimals of a second; records are
/// compared byte by byte, so both matter here.
package struct JSONWriter: ~Copyable {
  /// Behind every value a comma, which the end of what encloses it takes back.
  private(set) var text = RecordText()

  package init() {}

  package var bytes: [UInt8] {
    let bytes = text.bytes
    return bytes.last == Self.comma ? bytes.dropLast() : bytes
  }

  package mutating func removeAll() {
    text.truncate(to: 0)
  }

  @inline(__always)
  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    text.append(UInt8(ascii: "{"))
    body(&self)
    end(UInt8(ascii: "}"))
  }

  @inline(__always)
  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    text.append(UInt8(ascii: "["))
    body(&self)
    end(UInt8(ascii: "]"))
  }

  @inline(__always)
  package mutating func key(_ name: StaticString) {
    text.append("\"", name, "\":")
  }

  /// A key that is data.
  package mutating func key(named name: String) {
    string(name)
    text.append(inPlaceOfComma: UInt8(ascii: ":"))
  }

  package mutating func string(_ string: String) {
    quoted {
      let start = $0.count
      $0.append(string)
      guard $0.contains(from: start, where: Self.needsEscape) else { return }
      $0.truncate(to: start)
      for byte in string.utf8 { Self.escape(byte, in: &$0) }
    }
  }

  /// A name of our own, in which nothing needs to be escaped.
  package mutating func word(_ word: String) {
    quoted { $0.append(word) }
  }

  /// The same, where it is known when this is compiled.
  mutating func word(_ word: StaticString) {
    text.append("\"", word, "\",")
  }

  @inline(__always)
  package mutating func integer(_ value: some FixedWidthInteger) {
    if value < 0 { text.append(UInt8(ascii: "-")) }
    natural(UInt64(value.magnitude))
  }

  private mutating func natural(_ value: UInt64) {
    text.append(decimal: value, then: Self.comma)
  }

  package mutating func boolean(_ value: Bool) {
    if value { text.append("", "true", ",") } else { text.append("", "false", ",") }
  }

  package mutating func null() {
    text.append("", "null", ",")
  }

  /// A duration in seconds, as a decimal number without trailing zeros.
  package mutating func seconds(nanoseconds: Int64) {
    text.append(secondsOf: nanoseconds)
    text.append(Self.comma)
  }

  /// A moment as `2023-11-14T22:13:20.000003000Z`.
  package mutating func time(_ time: Timestamp) {
    quoted { $0.append(time) }
  }

  package mutating func address(_ address: IPAddress) {
    quoted { $0.append(address) }
  }

  mutating func communityID(_ one: SocketAddress, _ other: SocketAddress) {
    quoted { $0.append(communityIDOf: one, other) }
  }

  package mutating func endLine() {
    text.append(inPlaceOfComma: UInt8(ascii: "\n"))
  }

  // MARK: - Pieces

  private static var comma: UInt8 { UInt8(ascii: ",") }

  /// Text that needs no escape, unless `body` sees to it.
  @inline(__always)
  private mutating func quoted(_ body: (inout RecordText) -> Void) {
    text.append(UInt8(ascii: "\""))
    body(&text)
    text.append("", "\"", ",")
  }

  /// The end of an object or an array, which is a value of what encloses that.
  ///
  /// Texts end with quotation marks, so a comma that comes last is none of a value.
  private mutating func end(_ bracket: UInt8) {
    text.append(inPlaceOfComma: bracket)
    text.append(Self.comma)
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8, in text: inout RecordText) {
    switch byte {
    case UInt8(ascii: "\""): text.append("\\\"")
    case UInt8(ascii: "\\"): text.append("\\\\")
    case 0x0a: text.append("\\n")
    case 0x09: text.append("\\t")
    case 0x0d: text.append("\\r")
    case 0..<0x20:
      text.append("\\u00")
      text.append(hexadecimal(byte >> 4))
      text.append(hexadecimal(byte & 15))
    default: text.append(byte)
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
