/// A moment on the capture's clock: nanoseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Comparable, Hashable, BitwiseCopyable, Sendable {
  public var nanoseconds: Int64

  @inline(__always)
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// A time as libpcap gives it.
  ///
  /// What does not fit in 64 bits of nanoseconds (the years before 1678 and after 2262, which only
  /// damaged files hold) becomes the nearest moment that does.
  public init(seconds: Int, nanoseconds fraction: Int) {
    let (whole, tooBig) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflows) = whole.addingReportingOverflow(Int64(fraction))
    nanoseconds = tooBig || overflows ? (seconds < 0 ? .min : .max) : sum
  }

  /// The nanoseconds from `earlier` to this moment; negative when `earlier` is the later one.
  public func nanoseconds(since earlier: Timestamp) -> Int64 {
    let (difference, overflows) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return overflows ? (nanoseconds < earlier.nanoseconds ? .min : .max) : difference
  }

  @inline(__always)
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}
