/// What is wrong with a file of expectations, each mistake with its place.
public struct ExpectationsError: Error, CustomStringConvertible, Sendable {
  public var mistakes: [Mistake]

  public struct Mistake: Sendable, CustomStringConvertible {
    public var position: TextPosition
    public var message: String
    /// What would be right, where that is known.
    public var hint: String?

    /// As compilers say it: `expect.yml:4:3: there is no field 'outcom'; did you mean 'outcome'`.
    public var description: String {
      "\(position): \(message)" + (hint.map { "; \($0)" } ?? "")
    }
  }

  /// A line a mistake, in the order of the file.
  public var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
