import Glibc

/// A terminal without a person: what is written to it is read here, and what is typed is written.
final class PseudoTerminal {
  /// The side of the person.
  private let person: Int32
  /// The side of the program.
  let program: Int32

  init?(columns: UInt16, rows: UInt16) {
    var (person, program): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard unsafe openpty(&person, &program, nil, nil, &size) == 0 else { return nil }
    (self.person, self.program) = (person, program)
  }

  deinit {
    close(program)
    hangUp()
  }

  /// Whether the person is gone.
  private var isHungUp = false

  func hangUp() {
    if !isHungUp { close(person) }
    isHungUp = true
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(program, UInt(TIOCSWINSZ), &size)
  }

  func type(_ bytes: [UInt8]) {
    _ = unsafe bytes.withUnsafeBytes { unsafe write(person, $0.baseAddress, $0.count) }
  }

  /// What the program has written since it was last asked.
  func written() -> String {
    var text: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    var waiting = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&waiting, 1, 100) > 0 {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe read(person, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      text += bytes[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether lines are edited and signals made of keys, as a shell expects.
  var isCooked: Bool {
    var settings = termios()
    guard unsafe tcgetattr(program, &settings) == 0 else { return false }
    let flags = tcflag_t(ICANON | ECHO | ISIG)
    return settings.c_lflag & flags == flags
  }
}
