import FlowReports
import PacketParser
import Testing

struct JSONWriterTests {
  @Test func `keys stand in the order in which they are written`() {
    let text = json {
      $0.object {
        $0.key("b")
        $0.integer(1)
        $0.key("a")
        $0.array {
          $0.boolean(true)
          $0.null()
          $0.object { _ in }
          $0.array { _ in }
          $0.object {
            $0.key("deep")
            $0.string("x")
          }
        }
        $0.key("c")
        $0.boolean(false)
      }
    }
    #expect(text == #"{"b":1,"a":[true,null,{},[],{"deep":"x"}],"c":false}"#)
  }

  @Test(arguments: [
    ("plain", #""plain""#),
    ("", #""""#),
    ("\"\\/", #""\"\\/""#),
    ("\n\t\r", #""\n\t\r""#),
    ("\u{0}\u{1}\u{8}\u{c}\u{1b}\u{1f}", #""\u0000\u0001\u0008\u000c\u001b\u001f""#),
    ("Zürich 🧵 \u{2028}", "\"Zürich 🧵 \u{2028}\""),
    // What is no UTF-8 in a file's name has become U+FFFD when it arrives here.
    (String(decoding: [0x61, 0xff, 0xc3], as: UTF8.self), "\"a\u{fffd}\u{fffd}\""),
  ])
  func `strings are escaped`(text: String, expected: String) {
    #expect(json { $0.string(text) } == expected)
  }

  @Test func `integers of all widths are written`() {
    let text = json {
      $0.array {
        $0.integer(0)
        $0.integer(UInt64.max)
        $0.integer(Int64.min)
        $0.integer(UInt8(7))
        $0.integer(-1)
      }
    }
    #expect(text == "[0,18446744073709551615,-9223372036854775808,7,-1]")
  }

  @Test func `integers of all lengths are written`() {
    var length = 1
    var bound: UInt64 = 1
    while length < 20 {
      let text = json {
        $0.array { for number in [bound, bound * 10 - 1] { $0.integer(number) } }
      }
      let (zeros, nines) = (length - 1, length)
      #expect(
        text == "[1\(String(repeating: "0", count: zeros)),\(String(repeating: "9", count: nines))]"
      )
      (length, bound) = (length + 1, bound * 10)
    }
  }

  @Test(arguments: [
    (0, "0.0"), (1, "0.000000001"), (-1, "-0.000000001"), (10_002_000, "0.010002"),
    (1_000_000_000, "1.0"), (100_000_000_000, "100.0"), (-1_500_000_000, "-1.5"),
    (Int64.max, "9223372036.854775807"), (.min, "-9223372036.854775808"),
  ])
  func `durations are decimal seconds`(nanoseconds: Int64, expected: String) {
    #expect(json { $0.seconds(nanoseconds: nanoseconds) } == expected)
  }

  @Test func `a value has no comma behind it, and a line ends with a line feed`() {
    #expect(json { $0.string(",") } == #"",""#)
    var writer = JSONWriter()
    writer.array { $0.array { _ in } }
    writer.endLine()
    writer.object {
      $0.key(named: "a,")
      $0.null()
    }
    writer.endLine()
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "[[]]\n{\"a,\":null}\n")
  }

  @Test func `a cleared writer begins anew`() {
    var writer = JSONWriter()
    writer.integer(1)
    writer.removeAll()
    writer.integer(2)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "2")
  }
}

struct CalendarTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000000Z"),
    (1_700_000_000_000_003_000, "2023-11-14T22:13:20.000003000Z"),
    (-1, "1969-12-31T23:59:59.999999999Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
    (1_709_251_199_000_000_001, "2024-02-29T23:59:59.000000001Z"),
    (1_709_251_200_000_000_000, "2024-03-01T00:00:00.000000000Z"),
    (1_735_689_599_999_999_999, "2024-12-31T23:59:59.999999999Z"),
    // 2100 is no leap year.
    (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000000000Z"),
    (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
    (Int64.max, "2262-04-11T23:47:16.854775807Z"),
    (.min, "1677-09-21T00:12:43.145224192Z"),
  ])
  func `a moment is written as RFC 3339 has it`(nanoseconds: Int64, expected: String) {
    #expect(json { $0.time(Timestamp(nanoseconds: nanoseconds)) } == "\"\(expected)\"")
  }

  @Test func `moments are written alike whatever was written before them`() {
    let second: Int64 = 1_000_000_000
    let day = 86_400 * second
    let moments: [Int64] = [
      0, 1, second - 1, second, 59 * second, 60 * second, 3600 * second, -1, -second, day - 1, day,
      day + 1, 2 * day - second, 0, .max, .min,
      .max - second, .min + 60 * second, .max, 5,
    ]
    let text = json {
      $0.array { for moment in moments { $0.time(Timestamp(nanoseconds: moment)) } }
    }
    let alone = moments.map { moment in json { $0.time(Timestamp(nanoseconds: moment)) } }
    #expect(text == "[\(alone.joined(separator: ","))]")
  }

  @Test func `days follow each other without a gap from 1775 to 2175`() {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var wrong: [String] = []
    var day: Int64 = -71_000
    var expected = json { $0.time(Timestamp(nanoseconds: day * 86_400_000_000_000)) }
    while day < 75_000 {
      let text = json { $0.time(Timestamp(nanoseconds: day * 86_400_000_000_000)) }
      if text != expected { wrong.append(text) }
      expected = Self.nextDay(after: text, lengths)
      day += 1
    }
    #expect(wrong == [])
  }

  /// The text of the day after, by the rules that are taught at school.
  private static func nextDay(after text: String, _ lengths: [Int]) -> String {
    let parts = text.dropFirst().prefix(10).split(separator: "-").compactMap { Int($0) }
    var (year, month, day) = (parts[0], parts[1], parts[2] + 1)
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    if day > lengths[month - 1] + (month == 2 && isLeap ? 1 : 0) { (month, day) = (month + 1, 1) }
    if month > 12 { (year, month) = (year + 1, 1) }
    let padded = { (number: Int) in (number < 10 ? "0" : "") + String(number) }
    return "\"\(year)-\(padded(month))-\(padded(day))T00:00:00.000000000Z\""
  }
}

/// What `body` writes.
private func json(_ body: (inout JSONWriter) -> Void) -> String {
  var writer = JSONWriter()
  body(&writer)
  return String(decoding: writer.bytes, as: UTF8.self)
}
