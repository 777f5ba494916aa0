internal import Glibc

/// What the process is.
enum RunningProgram {
  /// The file that it was started from, for advice; the name alone where the system does not tell.
  static var path: String {
    var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe path.withUnsafeMutableBytes { path in
      guard let start = path.baseAddress else { return -1 }
      return unsafe readlink("/proc/self/exe", start, path.count)
    }
    return count > 0 ? String(decoding: path[..<count], as: UTF8.self) : "synfin"
  }
}
