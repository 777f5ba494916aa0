import FlowAnalysis
import FlowTracker

/// What a file expects of captures.
public struct Expectations: Sendable {
  /// The file's name, as it was given or found.
  public let file: String
  /// The captures that it names, as it names them: relative to the folder in which it lies.
  public internal(set) var captures: [String] = []
  /// A filter in the language of pcap-filter(7); `nil` where every frame counts.
  public internal(set) var filter: String?
  /// The capture itself is to be trusted: where that is written.
  var quality: TextPosition?
  /// The profile that the ends are held against.
  var profile: ProfileExpectation?
  /// So long, in nanoseconds, a capture must go on for what did not come to be missing.
  var patience: Int64 = Self.defaultPatience
  /// Which connections the file speaks of; all of them where nothing is said.
  var selection: [FieldExpectation] = []
  var count: FieldlessExpectation?
  /// Where that is written, or else how they are chosen.
  var countPosition: TextPosition? { count?.position ?? selection.first?.position }
  var each: [EachExpectation] = []
  var some: [SomeExpectation] = []
  var findings: FindingsExpectation?

  /// What is larger, in bytes, is no file that a person wrote.
  public static let largestFile = 1 << 20

  static let defaultPatience: Int64 = 1_000_000_000

  init(file: String) {
    self.file = file
  }

  /// A file that expects nothing, where there is none.
  public static var none: Expectations { Expectations(file: "") }
}

/// A field and what it is expected to be.
struct FieldExpectation: Sendable {
  var field: ConnectionField
  var condition: Condition
  var position: TextPosition
}

/// A number of something, and what it is expected to be.
struct FieldlessExpectation: Sendable {
  var condition: Condition
  var position: TextPosition

  func holds(for count: Int) -> Bool { condition.holds(for: FieldValue(count)) == .yes }
}

/// What is expected of a single connection.
struct ConnectionExpectation: Sendable {
  var subject: Subject
  var position: TextPosition

  enum Subject: Sendable {
    case field(ConnectionField, Condition)
    case require(FindingRule)
    case forbid(FindingRule)
    case order(EventOrder)
  }

  /// As the file has it: `handshake.outcome`, `forbid half-open-handshake`.
  var name: String {
    switch subject {
    case .field(let field, _): field.name
    case .require(let rule): "require \(rule.id)"
    case .forbid(let rule): "forbid \(rule.id)"
    case .order(let order): "order \(order.text)"
    }
  }

  var expected: String {
    switch subject {
    case .field(_, let condition): condition.text
    case .require(let rule): rule.id
    case .forbid(let rule): "no \(rule.id)"
    case .order(let order): order.text
    }
  }
}

/// What is expected of every connection that is selected, or of those of them that it chooses.
struct EachExpectation: Sendable {
  /// `each`, or `each[2]` where there are several.
  var name: String
  var position: TextPosition
  var selection: [FieldExpectation] = []
  var expectations: [ConnectionExpectation] = []
  /// How many it chooses; at least one where nothing is said.
  var count: FieldlessExpectation?
}

/// A connection that is expected to be among those that are selected.
struct SomeExpectation: Sendable {
  var name: String
  var position: TextPosition
  var selection: [FieldExpectation] = []
  var expectations: [ConnectionExpectation] = []
  /// How many of them; at least one where nothing is said.
  var count: FieldlessExpectation?
}

/// What is expected of the findings of all connections that are selected, and of the capture's.
struct FindingsExpectation: Sendable {
  /// No finding is to be as bad as that, but for those that are allowed.
  var limit: (severity: Finding.Severity, position: TextPosition)?
  var allowed: Set<String> = []
  var required: [(rule: FindingRule, position: TextPosition)] = []
  var forbidden: [(rule: FindingRule, position: TextPosition)] = []
}

/// The requirements that the ends are expected to fulfil.
struct ProfileExpectation: Sendable {
  var profile: ConformanceProfile
  var position: TextPosition
  /// Whose fulfilment is meant; `nil` where both ends' is.
  var end: Side?
  /// The least weight of the requirements that count.
  var level = Requirement.Strength.should

  /// Those that count.
  var requirements: [Requirement] {
    profile.requirements.filter { level == .should || $0.strength != .should }
  }

  /// Whether it matters that somebody is to blame.
  func isAbout(_ blame: Finding.Blame) -> Bool {
    switch blame {
    case .client: end != .server
    case .server: end != .client
    case .network, .capture, .unknown: false
    }
  }
}
