import PacketParser

// How records write numbers, times and addresses, whatever stands around them.
extension RecordText {
  /// Seconds as a decimal number without trailing zeros.
  mutating func append(secondsOf nanoseconds: Int64) {
    let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    if nanoseconds < 0 { append(UInt8(ascii: "-")) }
    append(decimal: whole)
    append(UInt8(ascii: "."))
    guard fraction > 0 else { return append(UInt8(ascii: "0")) }
    append(fraction, digits: 9)
    while self[count - 1] == UInt8(ascii: "0") { truncate(to: count - 1) }
  }

  /// A moment as `2023-11-14T22:13:20.000003000Z`.
  mutating func append(_ time: Timestamp) {
    let moment = CalendarTime(time)
    if moment.day != latestDate.day { latestDate = (moment.day, moment.date) }
    append(latestDate.text)
    append(UInt8(ascii: "T"))
    appendTimeOfDay(moment)
    append(UInt8(ascii: "Z"))
  }

  mutating func appendTimeOfDay(_ moment: CalendarTime) {
    append(moment.hour, digits: 2)
    append(UInt8(ascii: ":"))
    append(moment.minute, digits: 2)
    append(UInt8(ascii: ":"))
    append(moment.second, digits: 2)
    append(UInt8(ascii: "."))
    append(moment.nanosecond, digits: 9)
  }

  /// An address in its canonical text.
  mutating func append(_ address: IPAddress) {
    guard address.version == .v4 else { return append(address.description) }
    for shift: UInt64 in [24, 16, 8, 0] {
      if shift < 24 { append(UInt8(ascii: ".")) }
      append(decimal: address.low >> shift & 0xff)
    }
  }
}
