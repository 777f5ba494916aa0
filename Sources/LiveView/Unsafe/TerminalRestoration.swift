import Glibc

/// How a terminal was before a session changed it, where signal handlers find it.
enum TerminalRestoration {
  private struct Original {
    var input: Int32
    var output: Int32
    var settings: termios
  }

  nonisolated(unsafe) private static var original: Original?
  nonisolated(unsafe) private static var isPrepared = false

  /// What kills a process, unless it is asked to do otherwise.
  private static let ends = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
  /// What kills a process that has a fault.
  private static let faults = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  /// No style, lines that wrap, a cursor, and the screen as it was.
  static let ending: StaticString = "\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

  /// Whether a session has the terminal.
  static var isNeeded: Bool { unsafe original != nil }

  /// Notes how the terminal is, unless it is changed already, and sees to it that it becomes so again.
  static func prepare(input: Int32, output: Int32) -> Bool {
    guard !isNeeded else { return true }
    var settings = termios()
    guard unsafe tcgetattr(input, &settings) == 0 else { return false }
    unsafe original = Original(input: input, output: output, settings: settings)
    if unsafe !isPrepared {
      unsafe isPrepared = true
      atexit { TerminalRestoration.restore() }
    }
    // Who is told to end in the background must not be stopped for setting the terminal.
    _ = signal(SIGTTOU, SIG_IGN)
    WakePipe.install()
    for end in ends where isDefault(end) { install(end) }
    for fault in faults { install(fault) }
    return true
  }

  /// Makes the terminal as it was; nothing in it is forbidden to a signal handler (signal-safety(7)).
  static func restore() {
    guard let terminal = unsafe original else { return }
    unsafe original = nil
    _ = unsafe write(terminal.output, ending.utf8Start, ending.utf8CodeUnitCount)
    var settings = terminal.settings
    _ = unsafe tcsetattr(terminal.input, TCSANOW, &settings)
  }

  private static func isDefault(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    return unsafe action.__sigaction_handler.sa_handler == nil
  }

  private static func install(_ number: Int32) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { number in
      TerminalRestoration.restore()
      // Its handler is the default one again.
      raise(number)
    }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    _ = unsafe sigaction(number, &action, nil)
  }
}

/// What ends the waiting for keys: signals, and other threads.
enum WakePipe {
  static let wakes = UInt8(ascii: ".")
  private static let continues = UInt8(ascii: "c")

  /// Both ends stay open as long as the process runs, so that a late signal writes to nothing else.
  nonisolated(unsafe) private static var ends: (reading: Int32, writing: Int32) = (-1, -1)

  static var reading: Int32 { unsafe ends.reading }

  /// Has changes of the terminal's size, and the end of a stop, wake.
  static func install() {
    if unsafe ends.reading < 0 {
      var descriptors: [Int32] = [-1, -1]
      guard unsafe pipe(&descriptors) == 0 else { return }
      for descriptor in descriptors {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      }
      unsafe ends = (descriptors[0], descriptors[1])
    }
    install(SIGWINCH) { _ in WakePipe.write(WakePipe.wakes) }
    install(SIGCONT) { _ in WakePipe.write(WakePipe.continues) }
  }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void)
  {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    _ = unsafe sigaction(number, &action, nil)
  }

  /// Wakes who waits; a full pipe does so already.
  static func write(_ byte: UInt8) {
    let (error, descriptor) = (errno, unsafe ends.writing)
    var byte = byte
    if descriptor >= 0 { _ = unsafe Glibc.write(descriptor, &byte, 1) }
    errno = error
  }

  /// Takes what was written, and says whether the process went on after a stop.
  static func takeContinuations() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 64)
    var continued = false
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe read(reading, $0.baseAddress, $0.count)
      }
      guard count > 0 else { return continued }
      continued = continued || bytes[..<count].contains(continues)
    }
  }
}
