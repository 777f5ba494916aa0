import Glibc

/// The terminal that the tool runs in, if it does.
enum Terminal {
  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isError: Bool { isatty(STDERR_FILENO) == 1 }

  /// The width in columns; `nil` where the terminal does not tell.
  static var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Whether colour is welcome (https://no-color.org).
  static var wantsColor: Bool {
    unsafe getenv("NO_COLOR").map { unsafe $0.pointee == 0 } ?? true
  }
}
