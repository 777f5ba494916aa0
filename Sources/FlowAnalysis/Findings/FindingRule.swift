/// A kind of finding, as the catalogue lists it.
public struct FindingRule: Sendable {
  /// A stable name in kebab-case.
  public var id: String
  /// Its severity where nothing special is the matter.
  public var severity: Finding.Severity
  /// What it is, in a few words.
  public var title: String
  /// What must have been seen on the wire.
  public var condition: String
  /// What it means, and what to do next.
  public var advice: String
  /// The sections of RFCs that it rests on.
  public var references: [String]
}
