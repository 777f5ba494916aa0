/// Numbers as a person reads them.
package enum Quantity {
  /// A count as `1,204`.
  package static func count(_ number: some FixedWidthInteger) -> String {
    // As most are.
    if number.magnitude < 1000 { return String(number) }
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3), digits[index - 1] != "-" {
        text += ","
      }
      text.append(digit)
    }
    return text
  }

  /// `1 frame`, `2 frames`.
  package static func count(_ number: some FixedWidthInteger, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// Bytes in decimal units: `812 B`, `1.70 MB`.
  package static func bytes(_ number: UInt64) -> String {
    scaled(number, ["B", "kB", "MB", "GB", "TB", "PB", "EB"], step: 1000)
  }

  /// A duration in three digits that matter: `171 µs`, `10.2 ms`, `3.50 s`, `2 h 4 min`.
  package static func duration(nanoseconds: Int64) -> String {
    guard nanoseconds >= 0 else { return "-" + duration(nanoseconds: -max(nanoseconds, -.max)) }
    let seconds = UInt64(nanoseconds) / 1_000_000_000
    if seconds >= 3600 { return "\(seconds / 3600) h \(seconds / 60 % 60) min" }
    if seconds >= 100 { return "\(seconds / 60) min \(seconds % 60) s" }
    return scaled(UInt64(nanoseconds), ["ns", "µs", "ms", "s"], step: 1000)
  }

  /// Seconds with six decimals, as captures are read: `1.204113`.
  package static func seconds(nanoseconds: Int64) -> String {
    let microseconds = nanoseconds / 1000
    let (whole, rest) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    let fraction = String(rest)
    return (microseconds < 0 ? "-" : "") + "\(whole)."
      + String(repeating: "0", count: 6 - fraction.count) + fraction
  }

  private static func scaled(_ number: UInt64, _ units: [String], step: UInt64) -> String {
    var whole = number
    var rest: UInt64 = 0
    var unit = 0
    while whole >= step, unit + 1 < units.count {
      rest = whole % step
      whole /= step
      unit += 1
    }
    if unit == 0 || whole >= 100 { return "\(whole) \(units[unit])" }
    if whole >= 10 { return "\(whole).\(rest / 100) \(units[unit])" }
    let hundredths = String(rest / 10)
    return "\(whole).\(hundredths.count < 2 ? "0" : "")\(hundredths) \(units[unit])"
  }
}
