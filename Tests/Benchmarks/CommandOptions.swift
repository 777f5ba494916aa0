/// The options of a command: pairs of `--name` and value, which may stand in any order.
struct CommandOptions {
  private var values: [String: String] = [:]

  /// Throws when there is another than the `known` ones, or one without its value.
  init(_ arguments: ArraySlice<String>, known: [String]) throws {
    var rest = arguments
    while let name = rest.popFirst() {
      guard known.contains(name) else { throw BenchmarkError("there is no option '\(name)'") }
      guard let value = rest.popFirst() else { throw BenchmarkError("\(name) takes a value") }
      values[name] = value
    }
  }

  subscript(name: String) -> String? { values[name] }

  /// The number that is given for `name`, which must lie within `limits`.
  func number(_ name: String, within limits: ClosedRange<Double>) throws -> Double? {
    guard let text = values[name] else { return nil }
    guard let number = Double(text), limits.contains(number) else {
      throw BenchmarkError(
        "\(name) takes a number from \(limits.lowerBound) to \(limits.upperBound)")
    }
    return number
  }
}
