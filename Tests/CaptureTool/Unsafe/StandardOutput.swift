import Glibc

/// Standard output without a buffer.
enum StandardOutput {
  static func write(_ text: String) {
    var bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDOUT_FILENO, &bytes, bytes.count)
  }
}
