import FlowAnalysis
import FlowReports
import FlowTracker
import Yams

extension Expectations {
  /// Reads a file of expectations: YAML, or JSON.
  ///
  /// - Parameters:
  ///   - text: What the file holds.
  ///   - file: Its name, by which mistakes speak of it.
  /// - Throws: `ExpectationsError` with every mistake in it: what is unknown, impossible or of a wrong kind.
  public init(reading text: String, file: String) throws(ExpectationsError) {
    var reader = ExpectationsReader(file: file)
    self = try reader.read(text)
  }
}

/// Reads expectations from YAML, and finds as many mistakes as there are.
struct ExpectationsReader {
  private var document: ExpectationsDocument
  private var expectations: Expectations

  init(file: String) {
    document = ExpectationsDocument(file: file)
    expectations = Expectations(file: file)
  }

  /// What a file can say, at its outermost.
  private enum Section: String, CaseIterable {
    case capture, filter, quality, patience, profile, connections, each, some, findings
  }

  mutating func read(_ text: String) throws(ExpectationsError) -> Expectations {
    if let root = document.root(text) {
      for (key, keyNode, value) in document.pairs(root, "a file of expectations") {
        guard let section = Section(rawValue: key) else {
          unknown(key, "section", in: Section.allCases.map(\.rawValue), at: keyNode)
          continue
        }
        read(section, value)
      }
      if document.mistakes.isEmpty, expectations.isEmpty {
        document.note(
          "nothing is expected", hint: "'synfin check --explain' lists what can be", at: root)
      }
    }
    guard document.mistakes.isEmpty else {
      throw ExpectationsError(
        mistakes: document.mistakes.sorted {
          ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column)
        })
    }
    return expectations
  }

  private mutating func read(_ section: Section, _ node: Node) {
    switch section {
    case .capture:
      expectations.captures = document.items(node).compactMap { document.text($0, "a capture") }
      if expectations.captures.contains("") || expectations.captures.isEmpty {
        document.note("the capture's name is missing", at: node)
      }
    case .filter: expectations.filter = document.text(node, "a filter")
    case .quality: readQuality(node)
    case .patience: readPatience(node)
    case .profile: readProfile(node)
    case .connections: readConnections(node)
    case .each: readEach(node)
    case .some: readSome(node)
    case .findings: readFindings(node)
    }
  }

  private mutating func unknown(_ word: String, _ what: String, in words: [String], at node: Node) {
    let nearest = NearestWord.of(word, in: words)
    document.note(
      "there is no \(what) '\(word)'",
      hint: nearest.map { "did you mean '\($0)'?" }
        ?? (words.count <= 12 ? "one of: " + words.joined(separator: ", ") : nil),
      at: node)
  }

  // MARK: - The capture

  private mutating func readQuality(_ node: Node) {
    let word = readChoice(node, "quality", ["complete", "any"], \.self)
    expectations.quality = word == "complete" ? document.position(of: node) : nil
  }

  private mutating func readPatience(_ node: Node) {
    guard let text = document.text(node, "the patience") else { return }
    do throws(ConditionError) {
      expectations.patience = try Unit.duration.read(text[...])
    } catch {
      document.note(error, at: node)
    }
  }

  /// `rfc9293`, or with what counts of it: `{name: rfc9293, end: server, level: must}`.
  private mutating func readProfile(_ node: Node) {
    let pairs =
      node.isMapping ? document.pairs(node, "the profile") : [("name", node, node)]
    var profile: ConformanceProfile?
    var end: Side?
    var level = Requirement.Strength.should
    for (key, keyNode, value) in pairs {
      switch key {
      case "name": profile = readChoice(value, "profile", ConformanceProfile.all, \.name)
      case "end": end = readChoice(value, "end", Side.allCases, \.name)
      case "level":
        level = readChoice(value, "level", [.must, .should], \.name) ?? level
      default: unknown(key, "key", in: ["name", "end", "level"], at: keyNode)
      }
    }
    if let profile {
      expectations.profile = ProfileExpectation(
        profile: profile, position: document.position(of: node), end: end, level: level)
    } else if !pairs.contains(where: { $0.key == "name" }) {
      document.note("the profile has no name", at: node)
    }
  }

  /// One of several things by its name.
  private mutating func readChoice<Choice>(
    _ node: Node, _ what: String, _ choices: [Choice], _ name: (Choice) -> String
  ) -> Choice? {
    guard let word = document.text(node, "the \(what)") else { return nil }
    if let choice = choices.first(where: { name($0) == word }) { return choice }
    unknown(word, what, in: choices.map(name), at: node)
    return nil
  }

  // MARK: - Connections

  private mutating func readConnections(_ node: Node) {
    for (key, keyNode, value) in document.pairs(node, "connections") {
      switch key {
      case "where": expectations.selection += readSelection(value)
      case "count": expectations.count = readCount(value)
      default: unknown(key, "key", in: ["count", "where"], at: keyNode)
      }
    }
  }

  private mutating func readCount(_ node: Node) -> FieldlessExpectation? {
    guard let condition = readCondition(node, of: .quantity(.count), named: "count") else {
      return nil
    }
    return FieldlessExpectation(condition: condition, position: document.position(of: node))
  }

  private mutating func readEach(_ node: Node) {
    let items = document.items(node)
    if items.isEmpty { document.note("the list is empty", at: node) }
    for (index, item) in items.enumerated() {
      var each = EachExpectation(
        name: items.count > 1 ? "each[\(index + 1)]" : "each", position: document.position(of: item)
      )
      for (key, keyNode, value) in document.pairs(item, "each") {
        switch key {
        case "where": each.selection += readSelection(value)
        case "count": each.count = readCount(value)
        default:
          each.expectations += readExpectations(key, keyNode, value, others: ["where", "count"])
        }
      }
      if document.mistakes.isEmpty, each.expectations.isEmpty, each.count == nil {
        document.note("nothing is expected of each", at: item)
      }
      expectations.each.append(each)
    }
  }

  private mutating func readSome(_ node: Node) {
    let items = document.items(node)
    if items.isEmpty { document.note("the list is empty", at: node) }
    for (index, item) in items.enumerated() {
      var some = SomeExpectation(
        name: "some[\(index + 1)]", position: document.position(of: item))
      for (key, keyNode, value) in document.pairs(item, "an item of some") {
        switch key {
        case "where": some.selection += readSelection(value)
        case "count": some.count = readCount(value)
        default:
          some.expectations += readExpectations(key, keyNode, value, others: ["where", "count"])
        }
      }
      if document.mistakes.isEmpty, some.selection.isEmpty, some.expectations.isEmpty {
        document.note("nothing is said of which connection is meant", at: item)
      }
      expectations.some.append(some)
    }
  }

  private mutating func readSelection(_ node: Node) -> [FieldExpectation] {
    document.pairs(node, "where").flatMap { readFields($0.key, $0.keyNode, $0.value, others: []) }
  }

  private mutating func readExpectations(
    _ key: String, _ keyNode: Node, _ value: Node, others: [String]
  ) -> [ConnectionExpectation] {
    switch key {
    case "require":
      return readRules(value, FindingCatalogue.ofConnections).map {
        ConnectionExpectation(subject: .require($0.rule), position: $0.position)
      }
    case "forbid":
      return readRules(value, FindingCatalogue.ofConnections).map {
        ConnectionExpectation(subject: .forbid($0.rule), position: $0.position)
      }
    case "order": return readOrders(value)
    default:
      return readFields(key, keyNode, value, others: others + ["require", "forbid", "order"]).map {
        ConnectionExpectation(subject: .field($0.field, $0.condition), position: $0.position)
      }
    }
  }

  private mutating func readOrders(_ node: Node) -> [ConnectionExpectation] {
    var orders: [ConnectionExpectation] = []
    for item in document.items(node) {
      guard let text = document.text(item, "an order") else { continue }
      do throws(ConditionError) {
        let order = try EventOrder(text)
        orders.append(
          ConnectionExpectation(subject: .order(order), position: document.position(of: item)))
      } catch {
        document.note(error, at: item)
      }
    }
    return orders
  }

  // MARK: - Fields

  /// The field of a key, or the fields of a mapping behind it: `handshake: {outcome: complete}`.
  private mutating func readFields(
    _ key: String, _ keyNode: Node, _ value: Node, others: [String]
  ) -> [FieldExpectation] {
    let isGroup = ConnectionField.all.contains { $0.name.hasPrefix(key + ".") }
    if let field = ConnectionField.named(key), !value.isMapping {
      guard let condition = readCondition(value, of: field.kind, named: key) else { return [] }
      if case .words(_, let match) = field.kind, match != .set, key.hasPrefix("states.") {
        checkPath(of: condition, match, value)
      }
      let position = document.position(of: keyNode)
      return [FieldExpectation(field: field, condition: condition, position: position)]
    }
    if ConnectionField.named(key) != nil, !isGroup {
      document.note("'\(key)' is a single value, not a mapping", at: value)
      return []
    }
    guard isGroup else {
      unknown(key, "field", in: ConnectionField.all.map(\.name) + others, at: keyNode)
      return []
    }
    return document.pairs(value, "'\(key)'").flatMap {
      readFields("\(key).\($0.key)", $0.keyNode, $0.value, others: [])
    }
  }

  private mutating func readCondition(
    _ node: Node, of kind: FieldKind, named name: String
  ) -> Condition? {
    do throws(ConditionError) {
      if case .sequence = node {
        var texts: [String] = []
        for item in document.items(node) {
          guard let text = document.text(item, "an item of '\(name)'") else { return nil }
          // Each by itself, so that a mistake is told where it stands.
          do throws(ConditionError) {
            _ = try Condition(text, of: kind)
          } catch {
            document.note(error, at: item)
            return nil
          }
          texts.append(text)
        }
        return try Condition(listOf: texts, of: kind)
      }
      guard let text = document.text(node, "'\(name)'") else { return nil }
      return try Condition(text, of: kind)
    } catch {
      document.note(error, at: node)
      return nil
    }
  }

  /// States that no end can go through are a mistake of whoever wrote them.
  private mutating func checkPath(
    of condition: Condition, _ match: FieldKind.Match, _ node: Node
  ) {
    guard match == .exactly || match == .through else { return }
    let items = document.items(node)
    let states = items.compactMap { item in
      item.scalar.flatMap { name in EndpointState.allCases.first { $0.name == name.string } }
    }
    for (index, (from, to)) in zip(states, states.dropFirst()).enumerated() {
      let isPossible =
        match == .exactly ? from.canBeFollowed(by: to) : from.reaches(to)
      guard !isPossible, items.indices.contains(index + 1) else { continue }
      document.note(
        "no end goes from \(from.name) to \(to.name)",
        hint: "RFC 9293 §3.3.2 has: "
          + from.followers.map(\.name).joined(separator: ", "), at: items[index + 1])
    }
  }

  // MARK: - Findings

  private mutating func readFindings(_ node: Node) {
    var findings = FindingsExpectation()
    let keys = ["none_at_or_above", "allow", "require", "forbid"]
    for (key, keyNode, value) in document.pairs(node, "findings") {
      switch key {
      case "none_at_or_above": findings.limit = readLimit(value)
      case "allow": findings.allowed = Set(readRules(value, FindingCatalogue.rules).map(\.rule.id))
      case "require": findings.required = readRules(value, FindingCatalogue.rules)
      case "forbid": findings.forbidden = readRules(value, FindingCatalogue.rules)
      default: unknown(key, "key", in: keys, at: keyNode)
      }
    }
    if document.mistakes.isEmpty, findings.limit == nil, findings.required.isEmpty,
      findings.forbidden.isEmpty
    {
      document.note("nothing is expected of the findings", at: node)
    }
    expectations.findings = findings
  }

  private mutating func readLimit(
    _ node: Node
  ) -> (severity: Finding.Severity, position: TextPosition)? {
    readChoice(node, "severity", Finding.Severity.allCases, \.name).map {
      ($0, document.position(of: node))
    }
  }

  private mutating func readRules(
    _ node: Node, _ catalogue: [FindingRule]
  ) -> [(rule: FindingRule, position: TextPosition)] {
    var rules: [(FindingRule, TextPosition)] = []
    for item in document.items(node) {
      guard let id = document.text(item, "a finding") else { continue }
      if let rule = catalogue.first(where: { $0.id == id }) {
        rules.append((rule, document.position(of: item)))
      } else {
        unknown(id, "finding", in: catalogue.map(\.id), at: item)
      }
    }
    return rules
  }
}

extension Node {
  fileprivate var isMapping: Bool { if case .mapping = self { true } else { false } }
}

extension Expectations {
  fileprivate var isEmpty: Bool {
    quality == nil && profile == nil && count == nil && findings == nil
      && each.allSatisfy { $0.expectations.isEmpty } && some.isEmpty
  }
}
