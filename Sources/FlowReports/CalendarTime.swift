package import PacketParser

/// A moment in UTC.
package struct CalendarTime {
  /// Days since 1970.
  let day: Int64
  package let hour: UInt64
  package let minute: UInt64
  package let second: UInt64
  let nanosecond: UInt64

  package init(_ time: Timestamp) {
    let (day, inDay) = Self.floorDivide(time.nanoseconds, 86_400_000_000_000)
    self.day = day
    nanosecond = UInt64(inDay % 1_000_000_000)
    let seconds = UInt64(inDay / 1_000_000_000)
    (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
  }

  /// The day as `2023-11-14`.
  var date: String {
    // Years that begin in March put the leap day at the end; 400 of them have 146,097 days.
    let (era, dayOfEra) = Self.floorDivide(day + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    // Nanoseconds in 64 bits reach from the year 1677 to 2262.
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let two = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(dayOfMonth))"
  }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> (quotient: Int64, rest: Int64) {
    let rest = value % by
    return rest < 0 ? (value / by - 1, rest + by) : (value / by, rest)
  }
}

extension CalendarTime {
  /// The moment as `2023-11-14 22:13:20.000003000 UTC`.
  var text: String {
    var time = RecordText()
    time.appendTimeOfDay(self)
    return "\(date) \(String(decoding: time.bytes, as: UTF8.self)) UTC"
  }
}
