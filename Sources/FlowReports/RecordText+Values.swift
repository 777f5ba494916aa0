import PacketParser

// How records write numbers, times and addresses, whatever stands around them.
extension RecordText {
  /// Seconds as a decimal number without trailing zeros.
  mutating func append(secondsOf nanoseconds: Int64) {
    if nanoseconds < 0 { append(UInt8(ascii: "-")) }
    let magnitude = nanoseconds.magnitude
    if magnitude < 1_000_000_000 {
      append("0", ".", "")
      append(fraction: magnitude)
    } else {
      let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
      append(decimal: whole)
      append(UInt8(ascii: "."))
      append(fraction: fraction)
    }
  }

  /// A moment as `2023-11-14T22:13:20.000003000Z`.
  mutating func append(_ time: Timestamp) {
    if let latestMinute, let inMinute = latestMinute.nanoseconds(until: time) {
      append(latestMinute.text, inMinute: inMinute)
    } else {
      appendInAnotherMinute(time)
    }
  }

  @inline(never)
  private mutating func appendInAnotherMinute(_ time: Timestamp) {
    let moment = CalendarTime(time)
    if let latestMinute, latestMinute.day == moment.day {
      append(kept: latestMinute.text)
      truncate(to: count - "22:13:".utf8.count)
    } else {
      appendDate(moment)
      append(UInt8(ascii: "T"))
    }
    append(twoDigits: moment.hour)
    append(UInt8(ascii: ":"))
    append(twoDigits: moment.minute)
    append(UInt8(ascii: ":"))
    let inMinute = moment.second * 1_000_000_000 + moment.nanosecond
    let (start, overflows) = time.nanoseconds.subtractingReportingOverflow(Int64(inMinute))
    let text: Minute.Text = last()
    latestMinute = overflows ? nil : Minute(start: start, day: moment.day, text: text)
    truncate(to: count - MemoryLayout<Minute.Text>.size)
    append(text, inMinute: inMinute)
  }

  /// `2023-11-14`.
  mutating func appendDate(_ moment: CalendarTime) {
    let (year, month, day) = moment.date
    append(year: year, month: month, day: day)
  }

  /// `22:13:20.000003000`.
  mutating func appendTimeOfDay(_ moment: CalendarTime) {
    append(hour: moment.hour, minute: moment.minute, second: moment.second)
    append(UInt8(ascii: "."))
    append(nanosecond: moment.nanosecond)
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
