import Glibc

/// A file that takes its name only when it is complete: what had the name before stays until then.
///
/// Unless it is kept, it goes away again. What is no regular file (`/dev/null`, a named pipe) is
/// written to directly.
final class OutputFile {
  let stream: OutputStream
  /// Where the file is until it is kept; `nil` if it is written to directly.
  private let partialPath: String?
  private var isKept = false
  private let path: String

  init(path: String) throws(OutputStream.Failure) {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    guard !exists || status.st_mode & S_IFMT == S_IFREG else {
      partialPath = nil
      self.path = path
      stream = try OutputStream(path: path, name: path, flags: O_WRONLY)
      return
    }
    // The target of a symbolic link is replaced, not the link.
    self.path = exists ? Self.resolved(path) : path
    let partialPath = self.path + ".partial"
    self.partialPath = partialPath
    stream = try OutputStream(
      path: partialPath, name: path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
    if exists { stream.setMode(status.st_mode & 0o7777) }
  }

  /// Gives the file its name.
  func keep() throws(OutputStream.Failure) {
    guard let partialPath else { return }
    guard unsafe rename(partialPath, path) == 0 else { throw .latest("'\(path)'") }
    isKept = true
  }

  deinit {
    if let partialPath, !isKept { _ = unsafe unlink(partialPath) }
  }

  /// Whether files can be made in a folder.
  static func canCreate(in folder: String) -> Bool {
    var status = stat()
    guard unsafe stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return false
    }
    return unsafe access(folder, W_OK | X_OK) == 0
  }

  /// Whether two paths lead to the same regular file; "-" is standard input.
  static func isSame(_ path: String, asInput input: String) -> Bool {
    var (one, other) = (stat(), stat())
    guard unsafe stat(path, &one) == 0, one.st_mode & S_IFMT == S_IFREG else { return false }
    let result = unsafe input == "-" ? fstat(STDIN_FILENO, &other) : stat(input, &other)
    return result == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  private static func resolved(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
