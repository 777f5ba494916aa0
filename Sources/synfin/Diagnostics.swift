import FlowReports

/// What the tool says beside its results, on standard error.
enum Diagnostics {
  static func error(_ message: some CustomStringConvertible) { write("error: \(message)") }

  /// What to do next.
  static func hint(_ message: some CustomStringConvertible) { write("hint: \(message)") }

  private static func write(_ message: String) {
    // The lines of a message are its own; whatever else steers a terminal came from a file's name.
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    StandardStreams.writeError(lines.map { String($0).printable + "\n" }.joined())
  }
}
