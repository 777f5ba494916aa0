/// One JSON text, written key by key in the order in which it is to stand.
///
/// Foundation's encoder keeps neither the order of keys nor nine decimals of a second; records are
/// compared byte by byte, so both matter here.
package struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    enclose("{", body, "}")
  }

  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    enclose("[", body, "]")
  }

  package mutating func key(_ name: String) {
    separate()
    append("\"")
    append(name)
    append("\":")
    needsComma = false
  }

  package mutating func string(_ text: String) {
    separate()
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0a: append("\\n")
      case 0x09: append("\\t")
      case 0x0d: append("\\r")
      case 0..<0x20:
        append("\\u00")
        bytes.append(Self.hexadecimal(byte >> 4))
        bytes.append(Self.hexadecimal(byte & 15))
      default: bytes.append(byte)
      }
    }
    append("\"")
  }

  package mutating func integer(_ value: some FixedWidthInteger) {
    separate()
    appendDecimal(UInt64(value.magnitude), negative: value < 0)
  }

  package mutating func boolean(_ value: Bool) {
    separate()
    append(value ? "true" : "false")
  }

  package mutating func null() {
    separate()
    append("null")
  }

  /// A duration in seconds, as a decimal number without trailing zeros.
  package mutating func seconds(nanoseconds: Int64) {
    separate()
    let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    appendDecimal(whole, negative: nanoseconds < 0)
    append(".")
    guard fraction > 0 else { return append("0") }
    appendNanoseconds(fraction)
    while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
  }

  /// Text that needs no escaping, made by the writer's owner.
  mutating func quoted(_ body: (inout JSONWriter) -> Void) {
    separate()
    append("\"")
    body(&self)
    append("\"")
    needsComma = true
  }

  // MARK: - Pieces

  mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  mutating func appendDecimal(_ magnitude: UInt64, negative: Bool = false, digits: Int = 1) {
    if negative { append("-") }
    let start = bytes.count
    var rest = magnitude
    var written = 0
    while rest > 0 || written < digits {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
      written += 1
    }
    bytes[start...].reverse()
  }

  mutating func appendNanoseconds(_ fraction: UInt64) {
    appendDecimal(fraction, digits: 9)
  }

  private mutating func separate() {
    if needsComma { append(",") }
    needsComma = true
  }

  private mutating func enclose(
    _ open: String, _ body: (inout JSONWriter) -> Void, _ close: String
  ) {
    separate()
    append(open)
    needsComma = false
    body(&self)
    append(close)
    needsComma = true
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
