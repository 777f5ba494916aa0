/// A kind of finding, as the catalogue lists it: there is one of each, however many findings name it.
public final class FindingRule: Sendable {
  /// A stable name in kebab-case.
  public let id: String
  /// Its severity where nothing special is the matter.
  public let severity: Finding.Severity
  /// What it is, in a few words.
  public let title: String
  /// What must have been seen on the wire.
  public let condition: String
  /// What it means, and what to do next.
  public let advice: String
  /// The sections of RFCs that it rests on.
  public let references: [String]

  init(
    id: String, severity: Finding.Severity, title: String, condition: String, advice: String,
    references: [String]
  ) {
    self.id = id
    self.severity = severity
    self.title = title
    self.condition = condition
    self.advice = advice
    self.references = references
  }
}
