import FlowAnalysis
import FlowTracker

/// Something of a connection that can be expected, named by the way to the same value in the `connection`
/// record of NDJSON.
struct ConnectionField: Sendable {
  let name: String
  let kind: FieldKind
  let topic: Topic
  /// What it is, in a few words.
  let meaning: String
  /// A condition that somebody could write.
  let example: String
  let value: @Sendable (CheckedReport) -> FieldValue

  init(
    _ name: String, _ kind: FieldKind, _ topic: Topic, _ meaning: String, example: String,
    _ value: @escaping @Sendable (CheckedReport) -> FieldValue
  ) {
    self.name = name
    self.kind = kind
    self.topic = topic
    self.meaning = meaning
    self.example = example
    self.value = value
  }

  /// The value of a connection as a person reads it.
  func describe(_ value: FieldValue) -> String {
    switch value {
    case .unknown: "none"
    case .word(let word): word
    case .flag(let flag): flag ? "true" : "false"
    case .quantity(let quantity):
      if case .quantity(let unit) = kind { unit.describe(quantity) } else { String(quantity) }
    case .address(let address): "\(address)"
    case .words(let words): words.isEmpty ? "none" : words.joined(separator: ", ")
    }
  }
}
