import PacketParser

/// The value of a field, as a condition looks at it.
enum FieldValue: Sendable {
  /// The capture does not tell, or there is none.
  case unknown
  case word(String)
  case flag(Bool)
  /// In what the field's unit counts.
  case quantity(Int64)
  case address(IPAddress)
  case words([String])

  init(_ number: (some BinaryInteger)?) {
    self = number.map { .quantity(Int64(clamping: $0)) } ?? .unknown
  }

  init(_ word: String?) {
    self = word.map { .word($0) } ?? .unknown
  }
}
