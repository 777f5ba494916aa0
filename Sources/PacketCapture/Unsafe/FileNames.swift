internal import Glibc
internal import PacketParser

/// Files of the system, by path.
enum FileNames {
  /// Removes a file; one that is not there is no failure.
  static func remove(_ path: String) throws(DumpFailure) {
    let result = unsafe unlink(path)
    guard result == 0 || errno == ENOENT else { throw .latest }
  }

  /// A moment as the name of a file has it, in UTC: `20231114221320`.
  static func stamp(of time: Timestamp) -> String {
    let second: Int64 = 1_000_000_000
    var seconds = time_t(time.nanoseconds / second - (time.nanoseconds % second < 0 ? 1 : 0))
    var calendar = unsafe tm()
    unsafe gmtime_r(&seconds, &calendar)
    let parts = unsafe [
      calendar.tm_mon + 1, calendar.tm_mday, calendar.tm_hour, calendar.tm_min, calendar.tm_sec,
    ]
    let year = unsafe calendar.tm_year + 1900
    return "\(year)" + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
  }
}
