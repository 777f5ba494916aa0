import Glibc

/// The terminal that the tool runs in, if it does.
enum Terminal {
  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isError: Bool { isatty(STDERR_FILENO) == 1 }

  /// The width of the output in columns; `nil` where the terminal does not tell.
  static var columns: Int? { columns(of: STDOUT_FILENO) }
  /// The same of standard error.
  static var errorColumns: Int? { columns(of: STDERR_FILENO) }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Whether colour is welcome (https://no-color.org), and the terminal has it.
  static var wantsColor: Bool {
    variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  }

  /// Whether a view can be shown that takes keys and draws where it wants.
  static var showsScreens: Bool {
    isatty(STDIN_FILENO) == 1 && isOutput && !["", "dumb"].contains(variable("TERM"))
  }

  private static func variable(_ name: String) -> String {
    unsafe getenv(name).map { unsafe String(cString: $0) } ?? ""
  }
}
