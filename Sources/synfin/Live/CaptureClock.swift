import PacketParser

/// What the clock that stamps frames shows, also while none come.
///
/// It need not be this host's: a network card may have its own.
struct CaptureClock {
  /// Frames may wait so long in the kernel before they are read, in nanoseconds.
  let patience: Int64
  private var latest: Timestamp
  private var readAt: Int64

  /// A clock for frames that gather for so long before they are handed over.
  init(gatheringMilliseconds: Int) {
    patience = Int64(gatheringMilliseconds) * 1_000_000 + 100_000_000
    latest = SystemClock.now
    readAt = SystemClock.monotonic
  }

  /// A frame of this time was read.
  mutating func note(_ time: Timestamp) {
    latest = time
    readAt = SystemClock.monotonic
  }

  /// What it shows now, as far as this host can tell.
  var now: Timestamp {
    Timestamp(nanoseconds: latest.nanoseconds &+ (SystemClock.monotonic - readAt))
  }

  /// Until when there surely is no other frame than those that were read; only where nothing waits to be read.
  var quietUntil: Timestamp { Timestamp(nanoseconds: now.nanoseconds &- patience) }
}
