import Yams

/// A file of expectations as YAML (of which JSON is a part), with the place of everything in it and the
/// mistakes that were found.
struct ExpectationsDocument {
  let file: String
  private(set) var mistakes: [ExpectationsError.Mistake] = []

  /// More are of no use to anybody.
  private static let mistakesAtMost = 50
  /// Aliases let a small file stand for very much.
  static let aliasesAtMost = 20
  private var visitsLeft = 100_000

  init(file: String) {
    self.file = file
  }

  /// The document's root; `nil` where it cannot be read, which is a mistake, or is empty.
  mutating func root(_ text: String) -> Node? {
    guard text.utf8.count <= Expectations.largestFile else {
      note("the file is larger than \(Expectations.largestFile) bytes", at: Mark?.none)
      return nil
    }
    guard text.matches(of: /[\s\[,{]\*\S/).count <= Self.aliasesAtMost else {
      note("the file has more than \(Self.aliasesAtMost) aliases", at: Mark?.none)
      return nil
    }
    do {
      guard let root = try compose(yaml: text) else {
        note("the file is empty", at: Mark?.none)
        return nil
      }
      return root
    } catch let error as YamlError {
      note(error, in: text)
    } catch {
      note("\(error)", at: Mark?.none)
    }
    return nil
  }

  func position(of node: Node) -> TextPosition { position(at: node.mark) }

  private func position(at mark: Mark?) -> TextPosition {
    TextPosition(file: file, line: max(mark?.line ?? 1, 1), column: max(mark?.column ?? 1, 1))
  }

  mutating func note(_ message: String, hint: String? = nil, at node: Node) {
    note(message, hint: hint, at: node.mark)
  }

  mutating func note(_ error: ConditionError, at node: Node) {
    note(error.message, hint: error.hint, at: node.mark)
  }

  private mutating func note(_ message: String, hint: String? = nil, at mark: Mark?) {
    guard mistakes.count < Self.mistakesAtMost else { return }
    mistakes.append(.init(position: position(at: mark), message: message, hint: hint))
  }

  // MARK: - Nodes

  /// The pairs of a mapping, its keys as text; empty where it is none, which is a mistake.
  mutating func pairs(_ node: Node, _ what: String) -> [(key: String, keyNode: Node, value: Node)] {
    guard case .mapping(let mapping) = node else {
      note("\(what) must be a mapping of names to values", at: node)
      return []
    }
    var pairs: [(String, Node, Node)] = []
    for (key, value) in mapping where visit(node) {
      if case .scalar(let scalar) = key {
        pairs.append((scalar.string, key, value))
      } else {
        note("a name must be a word", at: key)
      }
    }
    return pairs
  }

  /// The items of a list, or the node itself where it is none.
  mutating func items(_ node: Node) -> [Node] {
    guard case .sequence(let sequence) = node else { return [node] }
    return sequence.filter { _ in visit(node) }
  }

  /// A scalar's text; `nil` where it is none, which is a mistake.
  mutating func text(_ node: Node, _ what: String) -> String? {
    guard case .scalar(let scalar) = node else {
      note("\(what) must be a single value", at: node)
      return nil
    }
    return scalar.string
  }

  private mutating func visit(_ node: Node) -> Bool {
    visitsLeft -= 1
    if visitsLeft == 0 { note("the file says too much", at: node) }
    return visitsLeft > 0
  }

  // MARK: - What YAML itself does not allow

  private mutating func note(_ error: YamlError, in text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      note(
        "this is no YAML: " + Self.joined(context?.text, problem), hint: Self.hint(text, mark),
        at: mark)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let (names, mark) = (duplicates.sorted(), context.mark)
      note(
        "'\(names.joined(separator: "', '"))' stands here twice", at: mark)
    case .reader(let problem, _, _, _):
      note("this is no YAML: \(problem)", at: Mark?.none)
    default:
      note("this is no YAML: \(error)", at: Mark?.none)
    }
  }

  private static func joined(_ context: String?, _ problem: String) -> String {
    [context, problem].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// What somebody most likely meant who wrote a line that is no YAML.
  private static func hint(_ text: String, _ mark: Mark) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(mark.line - 1) else { return nil }
    let line = lines[mark.line - 1]
    guard let colon = line.firstRange(of: ": ") else { return nil }
    let value = line[colon.upperBound...].drop { $0 == " " }
    guard let first = value.first, ">!%@`&*|".contains(first) else { return nil }
    return "a value that begins with '\(first)' needs quotation marks: '\(value)'"
  }
}
