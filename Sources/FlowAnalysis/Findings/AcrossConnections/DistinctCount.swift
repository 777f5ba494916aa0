/// How many different values there were: exact as long as they are few, then an estimate of fixed size.
///
/// The estimate is HyperLogLog's (Flajolet et al., 2007) with 4,096 registers: 1.6 % standard error,
/// however many there are. The hash has no seed, so that the same capture gives the same number.
package struct DistinctCount {
  package static let exactLimit = 1_024
  private static let registerBits = 12

  /// Counted, never listed.
  private var values: Set<UInt64> = []
  private var registers: [UInt8] = []

  package init() {}

  package var isEstimate: Bool { !registers.isEmpty }

  package mutating func insert(_ value: UInt64) {
    guard registers.isEmpty else { return note(value) }
    values.insert(value)
    guard values.count > Self.exactLimit else { return }
    registers = [UInt8](repeating: 0, count: 1 << Self.registerBits)
    for value in values { note(value) }
    values = []
  }

  /// An estimate is rounded to the three digits that mean something.
  package var count: Int {
    guard isEstimate else { return values.count }
    var (unit, rest) = (1, estimate)
    while rest >= 1_000 { (unit, rest) = (unit * 10, (rest + 5) / 10) }
    return rest * unit
  }

  private mutating func note(_ value: UInt64) {
    let hash = scattered(value)
    let register = Int(hash >> UInt64(64 - Self.registerBits))
    let rank = UInt8((hash << UInt64(Self.registerBits) | 1 << 11).leadingZeroBitCount + 1)
    registers[register] = max(registers[register], rank)
  }

  private var estimate: Int {
    let size = Double(registers.count)
    // 2^-rank, in the bits of a number between 0 and 1.
    let sum = registers.reduce(0.0) { $0 + 1 / Double(UInt64(1) << UInt64($1)) }
    let raw = 0.7213 / (1 + 1.079 / size) * size * size / sum
    let empty = registers.count { $0 == 0 }
    guard raw <= 2.5 * size, empty > 0 else { return Int(raw) }
    // Few of the registers are used: their number says more than what is in them.
    return Int(size * logarithm(size / Double(empty)))
  }

  /// The natural logarithm of a number from 1 on, by the series of the inverse hyperbolic tangent:
  /// the standard library has none.
  private func logarithm(_ number: Double) -> Double {
    let fraction = number.significand
    let ratio = (fraction - 1) / (fraction + 1)
    var power = ratio
    var sum = 0.0
    for index in 0..<16 {
      sum += power / Double(2 * index + 1)
      power *= ratio * ratio
    }
    return 2 * sum + Double(number.exponent) * 0.693_147_180_559_945_3
  }
}

/// Bits that depend on all bits of the value (the finalizer of MurmurHash3).
func scattered(_ value: UInt64) -> UInt64 {
  var mix = value
  mix = (mix ^ mix >> 33) &* 0xff51_afd7_ed55_8ccd
  mix = (mix ^ mix >> 33) &* 0xc4ce_b9fe_1a85_ec53
  return mix ^ mix >> 33
}

/// Which of all ports there were.
package struct PortSet {
  private var words: [UInt64] = []
  package private(set) var count = 0

  package init() {}

  package mutating func insert(_ port: UInt16) {
    if words.isEmpty { words = [UInt64](repeating: 0, count: 1 << 10) }
    let bit: UInt64 = 1 << UInt64(port & 63)
    guard words[Int(port >> 6)] & bit == 0 else { return }
    words[Int(port >> 6)] |= bit
    count += 1
  }

  /// The lowest ones.
  package func first(_ limit: Int) -> [UInt16] {
    var ports: [UInt16] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        guard ports.count < limit else { return ports }
        ports.append(UInt16(index << 6 | rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return ports
  }
}
