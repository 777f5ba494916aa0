internal import Glibc

/// Waits until frames are there, or something else wants to be looked at.
struct DescriptorWait {
  private var entries: [pollfd]

  init(forFramesOf capture: Int32, wokenBy waker: borrowing WakePipe) {
    entries = [Self.entry(capture), Self.entry(waker.readEnd)]
  }

  /// Has the wait end, too, when `descriptor` can be read.
  mutating func watch(_ descriptor: Int32) {
    entries.append(Self.entry(descriptor))
  }

  /// Waits for so long at most; not at all where that is not positive.
  ///
  /// - Returns: Whether it was woken: by the pipe, by another descriptor, or by a signal.
  mutating func wait(atMost duration: Duration) -> Bool {
    // Rounded up: a wait that ends before its time would only be taken up again.
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let count = unsafe poll(
      &entries, nfds_t(entries.count), Int32(clamping: max(0, milliseconds)))
    // The only error that can come is that a signal did.
    return count < 0 || count > 0 && entries.dropFirst().contains { $0.revents != 0 }
  }

  private static func entry(_ descriptor: Int32) -> pollfd {
    pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  }
}

/// A pipe whose only news is that somebody has written into it.
struct WakePipe: ~Copyable {
  let readEnd: Int32
  let writeEnd: Int32

  /// A pipe; `nil` where the process has no descriptors left.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func wake() {
    var byte: UInt8 = 0
    // A full pipe wakes just as well.
    _ = unsafe write(writeEnd, &byte, 1)
  }

  /// Takes out what was written.
  func drain() {
    var bytes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    while unsafe read(readEnd, &bytes, 32) == 32 {}
  }
}
