package import PacketParser

/// A moment in UTC, as RFC 3339 writes it.
struct CalendarTime {
  var year: Int64
  var month: UInt64
  var day: UInt64
  var hour: UInt64
  var minute: UInt64
  var second: UInt64
  var nanosecond: UInt64

  init(_ time: Timestamp) {
    let (days, inDay) = Self.floorDivide(time.nanoseconds, 86_400_000_000_000)
    nanosecond = UInt64(inDay % 1_000_000_000)
    let seconds = UInt64(inDay / 1_000_000_000)
    (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)

    // Years that begin in March put the leap day at the end; 400 of them have 146,097 days.
    let (era, dayOfEra) = Self.floorDivide(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = UInt64(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    month = UInt64(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> (quotient: Int64, rest: Int64) {
    let rest = value % by
    return rest < 0 ? (value / by - 1, rest + by) : (value / by, rest)
  }
}

extension CalendarTime {
  /// The moment as `2023-11-14 22:13:20.000003000 UTC`.
  var text: String {
    let two = { (number: UInt64) in number < 10 ? "0\(number)" : "\(number)" }
    let nanoseconds = String(nanosecond)
    return "\(year)-\(two(month))-\(two(day)) \(two(hour)):\(two(minute)):\(two(second))."
      + String(repeating: "0", count: 9 - nanoseconds.count) + nanoseconds + " UTC"
  }
}

extension JSONWriter {
  /// Writes a moment as `2023-11-14T22:13:20.000003000Z`.
  package mutating func time(_ time: Timestamp) {
    let moment = CalendarTime(time)
    quoted {
      $0.appendDecimal(moment.year.magnitude, negative: moment.year < 0, digits: 4)
      $0.append("-")
      $0.appendDecimal(moment.month, digits: 2)
      $0.append("-")
      $0.appendDecimal(moment.day, digits: 2)
      $0.append("T")
      $0.appendDecimal(moment.hour, digits: 2)
      $0.append(":")
      $0.appendDecimal(moment.minute, digits: 2)
      $0.append(":")
      $0.appendDecimal(moment.second, digits: 2)
      $0.append(".")
      $0.appendNanoseconds(moment.nanosecond)
      $0.append("Z")
    }
  }
}
