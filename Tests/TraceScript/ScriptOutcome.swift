public import Testing

/// A script beside what came of it: every line with what it says and what it did.
public struct ScriptOutcome {
  private var lines: [(line: ScriptLine, expected: String, found: String)] = []
  /// What has no line.
  private var problems: [String] = []

  public init() {}

  /// Adds a line, with what it was to cause and what it has caused, in any order.
  public mutating func add(_ line: ScriptLine, expected: [String], found: [String]) {
    lines.append(
      (line, expected.sorted().joined(separator: ", "), found.sorted().joined(separator: ", ")))
  }

  public mutating func addProblem(_ problem: String) {
    problems.append(problem)
  }

  /// The script with each wrong line as it would be right; `nil` where all is as it says.
  public var complaint: String? {
    let isWrong = lines.contains { $0.expected != $0.found }
    guard isWrong || !problems.isEmpty else { return nil }
    let text = lines.map { entry in
      let said = "\(entry.line.number): \(entry.line.text)"
      guard entry.expected != entry.found else { return "    \(said) ! \(entry.expected)" }
      return "    \(said) ! \(entry.found)    <-- the script says: \(entry.expected)"
    }
    return (["the script went otherwise:"] + text + problems).joined(separator: "\n")
  }

  /// One issue for the whole script.
  public func report(_ sourceLocation: SourceLocation) {
    guard let complaint else { return }
    Issue.record(Comment(rawValue: complaint), sourceLocation: sourceLocation)
  }
}
