import FlowAnalysis
import Testing

struct QuantityTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-999, "-999"),
    (-1000, "-1,000"), (Int.max, "9,223,372,036,854,775,807"),
    (.min, "-9,223,372,036,854,775,808"),
  ])
  func `counts have thousands separated`(number: Int, expected: String) {
    #expect(Quantity.count(number) == expected)
  }

  @Test func `nouns follow their numbers`() {
    let texts = [0, 1, 2, 1000].map { Quantity.count($0, "packet") }
    #expect(texts == ["0 packets", "1 packet", "2 packets", "1,000 packets"])
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (1999, "1.99 kB"), (12_345, "12.3 kB"),
    (123_456, "123 kB"), (1_700_000, "1.70 MB"), (UInt64.max, "18.4 EB"),
  ])
  func `bytes have decimal units`(number: UInt64, expected: String) {
    #expect(Quantity.bytes(number) == expected)
  }

  @Test(arguments: [
    (0, "0 ns"), (1, "1 ns"), (171_000, "171 µs"), (10_200_000, "10.2 ms"),
    (3_500_000_000, "3.50 s"), (99_999_999_999, "99.9 s"), (100_000_000_000, "1 min 40 s"),
    (3_599_999_999_999, "59 min 59 s"), (7_440_000_000_000, "2 h 4 min"), (-5_000, "-5.00 µs"),
    (Int64.max, "2562047 h 47 min"), (.min, "-2562047 h 47 min"),
  ])
  func `durations have three digits that matter`(nanoseconds: Int64, expected: String) {
    #expect(Quantity.duration(nanoseconds: nanoseconds) == expected)
  }

  @Test(arguments: [
    (0, "0.000000"), (1_204_113_999, "1.204113"), (-1_500, "-0.000001"), (-999, "0.000000"),
    (60_000_001_000, "60.000001"), (Int64.min, "-9223372036.854775"),
  ])
  func `seconds have six decimals`(nanoseconds: Int64, expected: String) {
    #expect(Quantity.seconds(nanoseconds: nanoseconds) == expected)
  }
}
