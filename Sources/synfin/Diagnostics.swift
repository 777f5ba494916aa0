/// What the tool says beside its results, on standard error.
enum Diagnostics {
  static func error(_ message: some CustomStringConvertible) {
    StandardStreams.writeError("error: \(message)\n")
  }
}
