import ArgumentParser

/// What the tool's exit status says.
///
/// Wrong usage is 64, as swift-argument-parser has it.
enum ExitStatus: Int32 {
  /// A finding is as bad as `--fail-on` says, or worse; or an expectation failed.
  case findings = 1
  /// Two captures differ.
  static var differences: ExitStatus { .findings }
  /// An input could not be read, or only in part.
  case unreadableInput = 2
  /// The capture cannot decide, and `--strict` was given; or not all of two captures was compared.
  case undetermined = 3
  /// The results could not be written (EX_IOERR of sysexits.h, where 64 comes from too).
  case unwritableOutput = 74

  var code: ExitCode { ExitCode(rawValue) }
}
