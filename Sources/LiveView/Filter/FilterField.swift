import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser

/// What a word of a filter can name before its colon.
enum FilterField: String, CaseIterable {
  case state
  case port
  case address
  case client
  case server
  case finding
  case severity
  case handshake
  case close
  case `is`

  /// What it is followed by, and which connections it shows.
  var meaning: (value: String, shows: String) {
    switch self {
    case .state: ("syn-received", "an end is in a state of that name")
    case .port: ("443", "an end has the port")
    case .address: ("192.0.2.0/24", "an end has the address, or is in the network")
    case .client: ("192.0.2.1", "the client has it")
    case .server: ("2001:db8::/32", "the server has it")
    case .finding: ("zero-window", "it has a finding of that name")
    case .severity: ("warning", "it has a finding as bad, or worse")
    case .handshake: ("refused", "its handshake came to that")
    case .close: ("reset", "its close came to that")
    case .is: ("open, ended", "it is open, or has ended")
    }
  }
}

extension LiveFilter.Term {
  /// Reads a word in small letters.
  ///
  /// Values may stop where they are clear, as they do while they are typed.
  init(_ word: Substring) throws(LiveFilter.Mistake) {
    isNegated = word.hasPrefix("-") || word.hasPrefix("!")
    let word = isNegated ? word.dropFirst() : word
    guard !word.isEmpty else { throw LiveFilter.Mistake("nothing to leave out") }
    if let network = IPNetwork(word), word.contains(where: { $0 == "." || $0 == ":" }) {
      test = .network(network, of: nil)
    } else if word.first == "#" {
      guard let number = Int(word.dropFirst()) else {
        throw LiveFilter.Mistake("# needs the number of a connection")
      }
      test = .number(number)
    } else if let colon = word.firstIndex(of: ":"), !word[..<colon].isPartOfAddress {
      test = try Self.test(of: word[..<colon], word[word.index(after: colon)...])
    } else {
      test = .text(Array(word.utf8))
    }
  }

  private static func test(
    of name: Substring, _ value: Substring
  ) throws(LiveFilter.Mistake) -> LiveFilter.Test {
    guard let field = FilterField(rawValue: String(name)) else {
      let names = FilterField.allCases.map(\.rawValue)
      let nearest = NearestWord.of(String(name), in: names).map { ": did you mean \($0)?" }
      throw LiveFilter.Mistake("no field '\(name)'" + (nearest ?? " (? lists them)"))
    }
    switch field {
    case .state: return .states(try those(EndpointState.allCases, \.name, value, "state"))
    case .port:
      guard let port = UInt16(value) else {
        throw LiveFilter.Mistake("port: needs a number up to 65535")
      }
      return .port(port)
    case .address: return .network(try network(value, field), of: nil)
    case .client: return .network(try network(value, field), of: .client)
    case .server: return .network(try network(value, field), of: .server)
    case .finding:
      let ids = FindingCatalogue.ofConnections.map(\.id)
      return .findings(try those(ids, \.self, value, "finding"))
    case .severity:
      let severities = try those(Finding.Severity.allCases, \.name, value, "severity")
      return .severity(severities.min() ?? .note)
    case .handshake:
      _ = try those(
        Handshake.Outcome.allCases.map(\.name) + Handshake.Kind.allCases.map(\.name), \.self, value,
        "handshake")
      return .handshake(
        begins(Handshake.Outcome.allCases, \.name, value),
        begins(Handshake.Kind.allCases, \.name, value))
    case .close:
      _ = try those(
        Closing.Outcome.allCases.map(\.name) + Closing.Kind.allCases.map(\.name), \.self, value,
        "close")
      return .close(
        begins(Closing.Outcome.allCases, \.name, value),
        begins(Closing.Kind.allCases, \.name, value))
    case .is:
      return .isEnded(try those(["open", "ended"], \.self, value, "word").contains("ended"))
    }
  }

  private static func network(
    _ value: Substring, _ field: FilterField
  ) throws(LiveFilter.Mistake) -> IPNetwork {
    guard let network = IPNetwork(value) else {
      throw LiveFilter.Mistake("\(field.rawValue): needs an address or a network")
    }
    return network
  }

  /// The value of that name, or those whose names begin so.
  private static func begins<Value: Hashable>(
    _ values: [Value], _ name: (Value) -> String, _ text: Substring
  ) -> Set<Value> {
    let exact = values.filter { name($0).lowercased() == text }
    return Set(exact.isEmpty ? values.filter { name($0).lowercased().hasPrefix(text) } : exact)
  }

  /// The same, of which there must be one.
  private static func those<Value: Hashable>(
    _ values: [Value], _ name: (Value) -> String, _ text: Substring, _ noun: String
  ) throws(LiveFilter.Mistake) -> Set<Value> {
    let found = begins(values, name, text)
    guard !found.isEmpty, !text.isEmpty else {
      let names = values.map { name($0).lowercased() }
      guard !text.isEmpty else {
        throw LiveFilter.Mistake("which \(noun)? \(names.joined(separator: ", "))")
      }
      let nearest = NearestWord.of(String(text), in: names).map { ": did you mean \($0)?" }
      throw LiveFilter.Mistake("no \(noun) '\(text)'" + (nearest ?? ""))
    }
    return found
  }
}

extension Substring {
  /// Whether it is what an address begins with, up to its first colon: `[2001`, `fe80`, `192.0.2.1`.
  ///
  /// No name of a field is made of hexadecimal digits alone.
  fileprivate var isPartOfAddress: Bool {
    allSatisfy { $0 == "[" || $0 == "." || $0.isHexDigit }
  }
}
