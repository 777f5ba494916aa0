import FlowTracker
import PacketParser

/// What a value is expected to be.
struct Condition: Sendable {
  /// As it was written: `< 50ms`.
  let text: String
  private let isNegated: Bool
  private let test: Test

  private indirect enum Test: Sendable {
    case known
    case absent
    case word(String)
    case flag(Bool)
    case quantity(ClosedRange<Int64>)
    case network(IPNetwork)
    case words([String], FieldKind.Match)
    case any([Condition])
  }

  private init(_ text: String, _ test: Test, isNegated: Bool = false) {
    self.text = text
    self.test = test
    self.isNegated = isNegated
  }

  /// Whether a value is as expected; what is unknown is only where that is asked for.
  func holds(for value: FieldValue) -> Bool {
    switch test {
    case .absent: return isUnknown(value) != isNegated
    case .known: return !isUnknown(value)
    case .any(let alternatives):
      // Of what is unknown nothing else can be said either.
      let isOne = alternatives.contains { $0.holds(for: value) }
      return isNegated ? !isOne && !isUnknown(value) : isOne
    default:
      guard !isUnknown(value) else { return false }
      return isFulfilled(by: value) != isNegated
    }
  }

  /// Whether a value that is not as expected may be so in truth, since the capture does not have all of it.
  func mayHold(of value: FieldValue, despite cause: Doubt.Cause, _ topic: Topic) -> Bool {
    switch (test, value) {
    case (.words(let expected, .exactly), .words(let found)):
      switch cause {
      case .beganLate: Array(expected.suffix(found.count)) == found
      case .endedEarly: expected.starts(with: found)
      case .incomplete: true
      }
    case (.words(let expected, .through), .words(let found)):
      cause == .endedEarly ? Self.mayGoOn(found, through: expected) : true
    // What was seen was so.
    case (.words(_, .never), .words): false
    case (.words(let expected, .set), .words(let found)): Set(found).isSubset(of: expected)
    case (.quantity(let range), .quantity(let value)):
      if case .totals = topic { !isNegated && value <= range.upperBound } else { true }
    default: true
    }
  }

  /// Whether states that come after these may be what is left of those expected.
  private static func mayGoOn(_ found: [String], through expected: [String]) -> Bool {
    let rest = expected.dropFirst(FieldKind.Match.passed(expected, by: found))
    let state = { (name: String?) in EndpointState.allCases.first { $0.name == name } }
    guard let last = state(found.last), let next = state(rest.first) else { return true }
    return last.reaches(next)
  }

  private func isUnknown(_ value: FieldValue) -> Bool {
    if case .unknown = value { true } else { false }
  }

  private func isFulfilled(by value: FieldValue) -> Bool {
    switch (test, value) {
    case (.word(let word), .word(let value)): value == word
    case (.flag(let flag), .flag(let value)): value == flag
    case (.quantity(let range), .quantity(let value)): range.contains(value)
    case (.network(let network), .address(let value)): network.contains(value)
    case (.words(let words, let match), .words(let value)): match.holds(words, of: value)
    default: false
    }
  }
}

extension FieldKind.Match {
  fileprivate func holds(_ words: [String], of value: [String]) -> Bool {
    switch self {
    case .exactly: return value == words
    case .set: return Set(value) == Set(words)
    case .never: return !value.contains { words.contains($0) }
    case .through: return Self.passed(words, by: value) == words.count
    }
  }

  /// How many of the words, from the first on, a list has one after the other.
  fileprivate static func passed(_ words: [String], by value: [String]) -> Int {
    var rest = words[...]
    for word in value where word == rest.first { rest.removeFirst() }
    return words.count - rest.count
  }
}

// MARK: - Reading

extension Condition {
  /// A condition of one scalar: `complete`, `not reset`, `< 50ms`, `2..5`, `10.0.0.0/8`, `any`, `null`.
  ///
  /// - Throws: `ConditionError` where no value of the kind can be meant.
  init(_ text: String, of kind: FieldKind) throws(ConditionError) {
    let trimmed = text.split(separator: " ").joined(separator: " ")
    if case .words = kind {
      self = try Condition(listOf: [trimmed], of: kind)
      return
    }
    switch trimmed {
    case "": throw ConditionError("a value is missing")
    case "any": self.init(trimmed, .known)
    case "null", "~": self.init(trimmed, .absent)
    case "none" where !kind.hasWord("none"): self.init(trimmed, .absent)
    case "not null": self.init(trimmed, .known)
    case "not none" where !kind.hasWord("none"): self.init(trimmed, .known)
    default:
      let isNegated = trimmed.hasPrefix("not ")
      let rest = isNegated ? trimmed.dropFirst(4) : trimmed[...]
      if isNegated, rest.first == "[", rest.last == "]" {
        let items = rest.dropFirst().dropLast().split(separator: ",").map(String.init)
        self.init(trimmed, try Condition(listOf: items, of: kind).test, isNegated: true)
        return
      }
      self.init(trimmed, try Self.test(rest, of: kind), isNegated: isNegated)
    }
  }

  /// A condition of several scalars: any of them; of fields that are lists themselves, this list.
  ///
  /// - Throws: `ConditionError` where one of them cannot be meant.
  init(listOf texts: [String], of kind: FieldKind) throws(ConditionError) {
    let text = "[" + texts.joined(separator: ", ") + "]"
    if case .words(let allowed, let match) = kind {
      for word in texts { try Self.check(word, in: allowed) }
      self.init(text, .words(texts, match))
      return
    }
    guard !texts.isEmpty else { throw ConditionError("the list is empty: nothing would do") }
    var alternatives: [Condition] = []
    for text in texts { alternatives.append(try Condition(text, of: kind)) }
    self.init(text, .any(alternatives))
  }

  private static func test(_ text: Substring, of kind: FieldKind) throws(ConditionError) -> Test {
    switch kind {
    case .word(let allowed):
      try check(String(text), in: allowed)
      return .word(String(text))
    case .flag:
      guard text == "true" || text == "false" else {
        throw ConditionError("'\(text)' is neither true nor false")
      }
      return .flag(text == "true")
    case .quantity(let unit): return .quantity(try range(text, unit))
    case .address:
      guard let network = IPNetwork(text) else {
        throw ConditionError(
          "'\(text)' is no address", hint: "write an address or a network, such as 10.0.0.0/8")
      }
      return .network(network)
    case .words: preconditionFailure("a list has no scalar test")
    }
  }

  private static func check(_ word: String, in allowed: [String]) throws(ConditionError) {
    guard !allowed.contains(word), !allowed.isEmpty else { return }
    let hint = NearestWord.of(word, in: allowed).map { "did you mean '\($0)'?" }
    throw ConditionError(
      "'\(word)' is not possible here",
      hint: hint ?? (allowed.count <= 16 ? "one of: " + allowed.joined(separator: ", ") : nil))
  }

  /// `3`, `< 5`, `>= 2`, `2..5`.
  private static func range(
    _ text: Substring, _ unit: Unit
  ) throws(ConditionError) -> ClosedRange<Int64> {
    for (sign, isLess, isInclusive) in comparisons where text.hasPrefix(sign) {
      let bound = try unit.read(text.dropFirst(sign.count).drop { $0 == " " })
      if isLess {
        guard isInclusive || bound > 0 else {
          throw ConditionError("nothing is less than \(bound)")
        }
        return 0...(isInclusive ? bound : bound - 1)
      }
      return (isInclusive ? bound : bound + 1)...Int64.max
    }
    if let dots = text.firstRange(of: "..") {
      let upper = text[dots.upperBound...].drop { $0 == " " || $0 == "." }
      let lower = try lowerBound(text[..<dots.lowerBound], unit, upper)
      let (first, last) = (lower, try unit.read(upper))
      guard first <= last else { throw ConditionError("the range '\(text)' is empty") }
      return first...last
    }
    let exact = text.hasPrefix("=") ? text.dropFirst().drop { $0 == " " } : text
    let value = try unit.read(exact)
    return value...value
  }

  private static let comparisons: [(sign: String, isLess: Bool, isInclusive: Bool)] = [
    ("<=", true, true), (">=", false, true), ("<", true, false), (">", false, false),
  ]

  /// In `10..50 ms` the unit is said once.
  private static func lowerBound(
    _ text: Substring, _ unit: Unit, _ upper: Substring
  ) throws(ConditionError) -> Int64 {
    var text = text
    while text.last == " " { text.removeLast() }
    guard let last = text.last, last.isNumber else { return try unit.read(text) }
    return try unit.read(text + upper.drop { $0.isNumber || $0 == "." || $0 == "_" })
  }
}
