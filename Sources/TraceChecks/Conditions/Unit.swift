import FlowAnalysis
import FlowReports

/// What a number of the record counts, and how a person writes it.
enum Unit: Sendable {
  case count
  /// Nanoseconds; written with a unit of time.
  case duration
  case bytes
  /// Millionths; written in percent.
  case share

  /// The unit's names and how many of the smallest one each is; of bytes, as SI and IEC 60027-2 have them.
  private var scales: [(name: String, factor: Int64)] {
    switch self {
    case .count: []
    case .duration:
      [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("min", 60_000_000_000), ("h", 3_600_000_000_000),
      ]
    case .bytes:
      [
        ("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
      ]
    case .share: [("%", 10_000)]
    }
  }

  /// What a number without a unit is in; `nil` where it needs one.
  private var scaleOfBareNumbers: Int64? {
    switch self {
    case .count, .bytes: 1
    case .duration, .share: nil
    }
  }

  var names: [String] { scales.map(\.name) }

  /// A number with its unit: `50ms`, `1.5 MB`, `2 %`.
  ///
  /// - Throws: `ConditionError` where there is no number, or its unit is none of these.
  func read(_ text: Substring) throws(ConditionError) -> Int64 {
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." || $0 == "_" }
    let name = String(text.dropFirst(digits.count).drop { $0 == " " })
    guard let (number, places) = Self.decimal(digits) else {
      throw ConditionError("'\(text)' is no number", hint: example)
    }
    return try scale(number, places, by: try factor(of: name, in: text), text)
  }

  private func factor(of name: String, in text: Substring) throws(ConditionError) -> Int64 {
    if name.isEmpty {
      if let scaleOfBareNumbers { return scaleOfBareNumbers }
      if text.allSatisfy({ $0 == "0" }) { return 1 }
      throw ConditionError("'\(text)' needs a unit", hint: example)
    }
    if let scale = scales.first(where: { $0.name == name }) { return scale.factor }
    guard !scales.isEmpty else {
      throw ConditionError("this is a count: it has no unit, so '\(name)' is one too many")
    }
    let nearest = NearestWord.of(name, in: names)
    throw ConditionError(
      "'\(name)' is no unit here", hint: nearest.map { "did you mean '\($0)'?" } ?? example)
  }

  private func scale(
    _ number: Int64, _ places: Int64, by factor: Int64, _ text: Substring
  ) throws(ConditionError) -> Int64 {
    let (product, overflows) = number.multipliedReportingOverflow(by: factor)
    guard !overflows else { throw ConditionError("'\(text)' is too large") }
    guard product % places == 0 else {
      throw ConditionError("'\(text)' is finer than what is counted here", hint: example)
    }
    return product / places
  }

  /// The digits as one number, and the power of ten that it is to be divided by.
  private static func decimal(_ digits: Substring) -> (number: Int64, places: Int64)? {
    let parts = digits.filter { $0 != "_" }.split(
      separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard parts.count == 1 || !fraction.isEmpty, fraction.count <= 9,
      let number = Int64(whole + fraction)
    else { return nil }
    return (number, (0..<fraction.count).reduce(1) { places, _ in places * 10 })
  }

  private var example: String {
    switch self {
    case .count: "write a whole number, such as 3"
    case .duration: "write a duration with its unit, such as 50ms or 1.5 s"
    case .bytes: "write bytes, such as 1460 or 1.5 MB"
    case .share: "write percent, such as 2 %"
    }
  }

  /// The quantity as a person reads it.
  func describe(_ quantity: Int64) -> String {
    switch self {
    case .count: Quantity.count(quantity)
    case .duration: Quantity.duration(nanoseconds: quantity)
    case .bytes:
      quantity < 1_000
        ? Quantity.count(quantity, "byte") : "\(Quantity.count(quantity)) bytes"
    case .share:
      "\(quantity / 10_000).\((quantity / 1_000) % 10)\((quantity / 100) % 10) %"
    }
  }
}
