import Glibc

/// Standard error, and what the process does about broken pipes.
enum StandardStreams {
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
    case cannotWrite(path: String, reason: String)

    var description: String {
      switch self {
      case .brokenPipe: "nobody reads the output any more"
      case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
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

  /// Opens the file for writing and empties it.
  init(path: String) throws(Failure) {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure("'\(path)'") }
    self.init(descriptor: descriptor, name: "'\(path)'")
  }

  /// Writes all of `bytes`.
  func write(_ bytes: [UInt8]) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        throw .brokenPipe
      } else if errno != EINTR {
        throw Self.failure(name)
      }
    }
  }

  private static func failure(_ name: String) -> Failure {
    .cannotWrite(path: name, reason: unsafe String(cString: strerror(errno)))
  }
}
