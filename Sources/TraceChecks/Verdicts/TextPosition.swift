/// A place in a file that a person wrote.
public struct TextPosition: Sendable, Hashable, CustomStringConvertible {
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, in characters.
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// As compilers write it: `expect.yml:12:5`.
  public var description: String { "\(file):\(line):\(column)" }
}
