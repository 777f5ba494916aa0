import Glibc

/// A terminal that belongs to a view for a while: its keys come one by one, and its screen is one of its own,
/// behind which what stood there stays.
///
/// There is one at a time in a process. It ends with `leave()`, with its last reference, when the process
/// exits, and before a signal kills it, so that a shell never finds its terminal changed. SIGINT, SIGTERM,
/// SIGHUP and SIGQUIT that have handlers already keep them.
package final class TerminalSession {
  package enum Failure: Error, Equatable {
    /// Input or output is no terminal.
    case noTerminal
    /// There is a session already.
    case isTaken
  }

  package enum Input: Equatable, Sendable {
    case key(Key)
    case resized(columns: Int, rows: Int)
    /// The terminal is gone: nothing more will come.
    case closed
  }

  private let input: Int32
  private let output: Int32
  private let usesColor: Bool
  private var decoder = KeyDecoder()
  /// What the terminal shows; `nil` where that is not known.
  private var shown: Screen?
  private var knownSize: (columns: Int, rows: Int)
  private var isClosed = false
  /// Whether the terminal is the session's, unless a signal handler has given it back.
  private var isEntered = false

  /// Takes the terminal.
  ///
  /// - Throws: `Failure` where that is none, or taken.
  package init(
    input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO, usesColor: Bool
  ) throws(Failure) {
    guard isatty(input) == 1, isatty(output) == 1 else { throw .noTerminal }
    guard !TerminalRestoration.isNeeded else { throw .isTaken }
    self.input = input
    self.output = output
    self.usesColor = usesColor
    knownSize = Self.size(of: output)
    guard enter() else { throw .noTerminal }
  }

  deinit {
    leave()
  }

  /// Columns and rows of the terminal; 80 and 24 where it does not tell.
  package var size: (columns: Int, rows: Int) { knownSize }

  // MARK: - The screen

  /// Shows a screen: only what differs from the one before is written.
  package func show(_ screen: Screen) {
    guard isEntered, TerminalRestoration.isNeeded, !isClosed else { return }
    write(screen.changes(from: shown, usesColor: usesColor))
    shown = screen
  }

  /// Has the next screen written whole, whatever another program has left on the terminal.
  package func redraw() { shown = nil }

  private func write(_ bytes: [UInt8]) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[written...])
        return unsafe Glibc.write(output, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        var room = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&room, 1, -1)
      } else if errno != EINTR {
        isClosed = true
        return
      }
    }
  }

  // MARK: - Keys

  /// Escape is a key of its own if so many milliseconds pass until something follows.
  private static let escapeMilliseconds: Int32 = 50
  /// How often more is waited for, of a sequence that does not end.
  private static let mostPauses = 16

  /// What has come, when something does, `wake()` is called or the time is over.
  package func next(waitingMilliseconds: Int) -> [Input] {
    guard !isClosed else { return [.closed] }
    var inputs: [Input] = []
    var waits = [
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: WakePipe.reading, events: Int16(POLLIN), revents: 0),
    ]
    let milliseconds = Int32(clamping: max(0, waitingMilliseconds))
    if unsafe poll(&waits, nfds_t(waits.count), milliseconds) > 0 {
      if waits[1].revents != 0, WakePipe.takeContinuations() {
        // Whoever had the terminal meanwhile has set it as he likes.
        enter()
      }
      if waits[0].revents != 0 { read(&inputs) }
    }
    var pauses = 0
    while decoder.isWaiting, !isClosed {
      pauses += 1
      if pauses <= Self.mostPauses, unsafe poll(&waits, 1, Self.escapeMilliseconds) > 0 {
        read(&inputs)
      } else {
        inputs += decoder.endPause().map { .key($0) }
      }
    }
    let size = Self.size(of: output)
    if size != knownSize {
      knownSize = size
      inputs.append(.resized(columns: size.columns, rows: size.rows))
    }
    if isClosed { inputs.append(.closed) }
    return inputs
  }

  /// Ends the waiting of `next(waitingMilliseconds:)`; any thread may call it.
  package static func wake() { WakePipe.write(WakePipe.wakes) }

  private func read(_ inputs: inout [Input]) {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe Glibc.read(input, $0.baseAddress, $0.count)
    }
    if count > 0 {
      inputs += decoder.decode(bytes[..<count]).map { .key($0) }
    } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
      isClosed = true
    }
  }

  private static func size(of descriptor: Int32) -> (columns: Int, rows: Int) {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  // MARK: - Coming and going

  /// Sets the terminal up, also where the session has it already; `false` if that fails.
  @discardableResult
  private func enter() -> Bool {
    guard TerminalRestoration.prepare(input: input, output: output) else { return false }
    var settings = termios()
    guard unsafe tcgetattr(input, &settings) == 0 else { return false }
    unsafe cfmakeraw(&settings)
    guard unsafe tcsetattr(input, TCSANOW, &settings) == 0 else { return false }
    // The alternate screen, no cursor, and lines that do not wrap.
    write(Array("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l".utf8))
    shown = nil
    isEntered = true
    return true
  }

  /// Gives the terminal back as it was.
  package func leave() {
    guard isEntered else { return }
    Self.restore()
    isEntered = false
    shown = nil
  }

  /// Gives the terminal back, whoever has it; a signal handler may call it (signal-safety(7)).
  package static func restore() { TerminalRestoration.restore() }

  /// What undoes the escape sequences that a session has written.
  package static var undoing: String { "\(TerminalRestoration.ending)" }

  /// Gives the terminal back and stops the process until somebody has it go on.
  package func suspend() {
    leave()
    raise(SIGTSTP)
    enter()
  }
}
