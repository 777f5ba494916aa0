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
    let (seconds, nanosecond) = UInt64(inDay).quotientAndRemainder(dividingBy: 1_000_000_000)
    self.nanosecond = nanosecond
    (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
  }

  /// The day in the Gregorian calendar.
  var date: (year: UInt64, month: UInt64, day: UInt64) {
    // Years that begin in March put the leap day at the end; 400 of them have 146,097 days.
    let (era, dayOfEra) = Self.floorDivide(day + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    // Nanoseconds in 64 bits reach from the year 1677 to 2262.
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (UInt64(year), UInt64(month), UInt64(dayOfMonth))
  }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> (quotient: Int64, rest: Int64) {
    let rest = value % by
    return rest < 0 ? (value / by - 1, rest + by) : (value / by, rest)
  }
}

extension CalendarTime {
  /// The moment as `2023-11-14 22:13:20.000003000 UTC`.
  var text: String {
    var text = RecordText()
    text.appendDate(self)
    text.append(UInt8(ascii: " "))
    text.appendTimeOfDay(self)
    return String(decoding: text.bytes, as: UTF8.self) + " UTC"
  }
}

/// A minute, and how it is written.
struct Minute: BitwiseCopyable {
  /// Nanoseconds since 1970.
  let start: Int64
  let day: Int64
  let text: Text

  /// The 17 bytes of `2023-11-14T22:13:`.
  struct Text: BitwiseCopyable {
    private let bytes: (UInt64, UInt64, UInt8)
  }

  /// How far into the minute a moment is; `nil` where it is in another one.
  @inline(__always)
  func nanoseconds(until time: Timestamp) -> UInt64? {
    guard time.nanoseconds >= start else { return nil }
    // From 1677 to 2262 it is more than a signed number holds.
    let difference = UInt64(bitPattern: time.nanoseconds &- start)
    return difference < 60_000_000_000 ? difference : nil
  }
}
