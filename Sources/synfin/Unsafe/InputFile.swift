import Glibc

enum InputFile {
  /// Whether a capture can be read only once: standard input, a pipe, or what else is no regular file.
  static func isStream(_ path: String) -> Bool {
    guard path != "-" else { return true }
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  /// All of a file, a pipe or, as "-", standard input, but no more than a byte above `limit`; `nil` where it
  /// cannot be read.
  static func contents(_ path: String, atMost limit: Int) -> [UInt8]? {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 { return nil }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }
}
