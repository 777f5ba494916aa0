import FlowReports

/// What the tool says beside its results, on standard error.
enum Diagnostics {
  static func error(_ message: some CustomStringConvertible) {
    StandardStreams.writeError(text(ofError: message))
  }

  /// What to do next.
  static func hint(_ message: some CustomStringConvertible) {
    StandardStreams.writeError(text("hint: \(message)"))
  }

  /// What `error` writes.
  static func text(ofError message: some CustomStringConvertible) -> String {
    text("error: \(message)")
  }

  private static func text(_ message: String) -> String {
    // The lines of a message are its own; whatever else steers a terminal came from a file's name.
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { String($0).printable + "\n" }.joined()
  }
}
