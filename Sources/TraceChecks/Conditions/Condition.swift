import FlowReports
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

  /// Whether a value is as expected, as far as that is known.
  func holds(for value: FieldValue, _ outlook: Outlook = []) -> Truth {
    switch test {
    case .absent, .known:
      let isKnown = if case .unknown = value { false } else { true }
      if !isKnown, outlook.contains(.mayBeOther) { return .unknown }
      let asksForKnown = if case .known = test { true } else { false }
      return Truth((isKnown == asksForKnown) != isNegated)
    case .any(let alternatives):
      if isNegated, case .unknown = value {
        return outlook.contains(.mayBeOther) ? .unknown : .no
      }
      let truth = Truth.any(of: alternatives.map { $0.holds(for: value, outlook) })
      return isNegated ? !truth : truth
    default:
      if case .unknown = value { return outlook.contains(.mayBeOther) ? .unknown : .no }
      let truth = isFulfilled(by: value, outlook)
      return isNegated ? !truth : truth
    }
  }

  private func isFulfilled(by value: FieldValue, _ outlook: Outlook) -> Truth {
    switch (test, value) {
    case (.word(let word), .word(let value)): return Self.same(value == word, outlook)
    case (.flag(let flag), .flag(let value)): return Self.same(value == flag, outlook)
    case (.network(let network), .address(let value)):
      return Self.same(network.contains(value), outlook)
    case (.quantity(let range), .quantity(let value)):
      guard outlook.contains(.mayGrow) else { return Truth(range.contains(value)) }
      if value > range.upperBound { return .no }
      return range.contains(value) && range.upperBound == .max ? .yes : .unknown
    case (.words(let words, let match), .words(let value)):
      return match.holds(words, of: value, outlook)
    default: return .no
    }
  }

  private static func same(_ isSame: Bool, _ outlook: Outlook) -> Truth {
    if outlook.contains(.mayBeOther) { return .unknown }
    return outlook.contains(.isHidden) && !isSame ? .unknown : Truth(isSame)
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
      if texts == ["none"], match == .exactly || match == .set {
        self.init("none", .words([], match))
        return
      }
      for word in texts { try Self.check(word, in: allowed) }
      guard !texts.isEmpty || match == .exactly || match == .set else {
        throw ConditionError("the list is empty: it says nothing")
      }
      self.init(text, .words(texts, match))
      return
    }
    guard !texts.isEmpty else { throw ConditionError("the list is empty: nothing would do") }
    var alternatives: [Condition] = []
    for text in texts {
      let alternative = try Condition(text, of: kind)
      guard !alternative.isNegated else {
        throw ConditionError(
          "'not' within a list excludes nothing", hint: "write 'not [a, b]' for neither")
      }
      alternatives.append(alternative)
    }
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
      guard isInclusive || bound < .max else { throw ConditionError("nothing is more than that") }
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
