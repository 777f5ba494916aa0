import Glibc

enum InputFile {
  /// Whether a capture can be read only once: standard input, a pipe, or what else is no regular file.
  static func isStream(_ path: String) -> Bool {
    guard path != "-" else { return true }
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }
}
