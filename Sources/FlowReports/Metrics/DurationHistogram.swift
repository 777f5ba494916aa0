/// How many durations were how long, in buckets that stay the same: what was collected from several
/// machines can be added up.
public struct DurationHistogram: Equatable, Sendable {
  /// The longest duration in each bucket but the last one, in nanoseconds: 100 µs, 250 µs, 500 µs and so on
  /// to 10 s.
  ///
  /// From a switch away to the other side of the world, and on to SYNs that are repeated.
  public static let bounds: [Int64] = [
    100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000,
    10_000_000, 25_000_000, 50_000_000,
    100_000_000, 250_000_000, 500_000_000,
    1_000_000_000, 2_500_000_000, 5_000_000_000,
    10_000_000_000,
  ]

  /// How many are in each bucket, and in the one above all bounds.
  public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  /// All of them together, in nanoseconds; the largest number where it would be more.
  public private(set) var totalNanoseconds: Int64 = 0

  public init() {}

  /// Takes a duration in; one that a clock set back has made negative counts as none.
  public mutating func record(nanoseconds: Int64) {
    let duration = max(nanoseconds, 0)
    counts[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
    let (sum, overflows) = totalNanoseconds.addingReportingOverflow(duration)
    totalNanoseconds = overflows ? .max : sum
  }
}
