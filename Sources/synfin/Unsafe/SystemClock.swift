import Glibc
import PacketParser

/// The clocks of this host.
enum SystemClock {
  /// What time it is, on the clock that stamps captured frames unless a network card does.
  static var now: Timestamp { read(CLOCK_REALTIME) }
  /// Nanoseconds since some moment; nobody sets it.
  static var monotonic: Int64 { read(CLOCK_MONOTONIC).nanoseconds }

  private static func read(_ clock: clockid_t) -> Timestamp {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Timestamp(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }
}
