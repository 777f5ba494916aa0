/// How far two times may be apart and still count as the same: no farther than either of two measures.
public struct Tolerance: Sendable {
  /// A share of the smaller one, in percent.
  public var percent: Int64
  public var nanoseconds: Int64

  public init(percent: Int64 = 25, nanoseconds: Int64 = 10_000_000) {
    self.percent = percent
    self.nanoseconds = nanoseconds
  }

  /// Reads `20%`, `5ms` or `20%,5ms`; the measure that is not there is 0.
  ///
  /// Units are `s`, `ms`, `us` and `ns`. `nil` where it is none of these.
  public init?(_ text: String) {
    self.init(percent: 0, nanoseconds: 0)
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let digits = part.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int64(digits) else { return nil }
      let unit = String(part.dropFirst(digits.count))
      let scales: [String: Int64] = [
        "s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "µs": 1_000, "ns": 1,
      ]
      if unit == "%" {
        percent = min(number, 1_000_000)
      } else if let scale = scales[unit] {
        let (product, overflows) = number.multipliedReportingOverflow(by: scale)
        guard !overflows else { return nil }
        nanoseconds = product
      } else {
        return nil
      }
      guard seen.insert(unit == "%" ? unit : "time").inserted else { return nil }
    }
  }

  /// Whether two durations in nanoseconds are farther apart.
  public func tellsApart(_ one: Int64, _ other: Int64) -> Bool {
    let (difference, overflows) = max(one, other).subtractingReportingOverflow(min(one, other))
    return overflows || difference > nanoseconds && exceeds(difference, shareOf: min(one, other))
  }

  /// Whether something took so much longer than usual that it counts.
  func isExcess(_ excess: Int64, over usual: Int64) -> Bool {
    excess > nanoseconds && exceeds(excess, shareOf: max(usual, 0))
  }

  private func exceeds(_ difference: Int64, shareOf whole: Int64) -> Bool {
    // As numbers with a fraction, since the product may not fit.
    Double(difference) * 100 > Double(whole) * Double(percent)
  }
}
