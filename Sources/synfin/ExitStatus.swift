import ArgumentParser

/// What the tool's exit status says. Wrong usage is 64, as swift-argument-parser has it.
enum ExitStatus: Int32 {
  /// An input could not be read, or only in part.
  case unreadableInput = 2

  var code: ExitCode { ExitCode(rawValue) }
}
