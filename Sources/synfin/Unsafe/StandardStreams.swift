import Glibc

/// Standard error, and what the process does about broken pipes.
enum StandardStreams {
  /// Has the three standard streams lead somewhere: in place of one that is closed, an interface or a file would
  /// be opened, and what is told written into it.
  static func open() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest one that is free.
      _ = unsafe Glibc.open("/dev/null", O_RDWR)
    }
  }

  static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Writes to standard error; nothing can be done when that fails.
  static func writeError(_ text: String) {
    try? OutputStream.standardError.write(Array(text.utf8))
  }
}

/// A file descriptor to write to.
struct OutputStream {
  enum Failure: Error, CustomStringConvertible {
    /// Whoever was reading is gone.
    case brokenPipe
    case cannotWrite(name: String, reason: String)
    /// Whoever was reading has read nothing for a while; so many bytes were still to be written.
    case unread(bytes: Int)

    /// The failure of the system call that was made last.
    static func latest(_ name: String) -> Failure {
      .cannotWrite(name: name, reason: unsafe String(cString: strerror(errno)))
    }

    var description: String {
      switch self {
      case .brokenPipe: "nobody reads the output any more"
      case .cannotWrite(let name, let reason): "cannot write \(name): \(reason)"
      case .unread(let bytes):
        "nobody reads the output: \(bytes) bytes of it and what came after them are lost"
      }
    }
  }

  static let standardOutput = OutputStream(descriptor: STDOUT_FILENO, name: "standard output")
  static let standardError = OutputStream(descriptor: STDERR_FILENO, name: "standard error")

  private let descriptor: Int32
  private let name: String

  private init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Opens a file with the flags of open(2); errors speak of it as `name`.
  init(path: String, name: String, flags: Int32) throws(Failure) {
    let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .latest("'\(name)'") }
    self.init(descriptor: descriptor, name: "'\(name)'")
  }

  /// Sets the permissions of the file, if its owner allows that.
  func setMode(_ mode: mode_t) {
    _ = fchmod(descriptor, mode)
  }

  /// A write of some bytes would not wait.
  var isReady: Bool {
    var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&room, 1, 0) == 1 && room.revents == Int16(POLLOUT)
  }

  /// Writes all of `bytes`.
  func write(_ bytes: [UInt8]) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[written...])
        return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        throw .brokenPipe
      } else if errno == EAGAIN {
        // Another program that shares the pipe or terminal wants no write to wait; this one waits.
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&room, 1, -1)
      } else if errno != EINTR {
        throw .latest(name)
      }
    }
  }
}
