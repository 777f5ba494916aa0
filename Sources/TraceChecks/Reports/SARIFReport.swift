import FlowAnalysis
import FoundationEssentials

/// What is not as expected as SARIF 2.1.0 (OASIS): one rule a kind of finding, and one for whatever else was
/// expected.
public enum SARIFReport {
  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  /// The rule of what is no finding.
  private static let expectationRule = "expectation"

  /// The log, of a tool of this version; where `isStrict`, what is undetermined has failed, else it is open.
  public static func render(
    _ captures: [CheckedCapture], isStrict: Bool, version: String
  ) -> String {
    let log = Log(
      schema: schema, version: "2.1.0",
      runs: [
        Run(
          tool: Tool(driver: Driver(name: "synfin", version: version, rules: rules)),
          columnKind: "unicodeCodePoints", invocations: [invocation(captures)],
          results: captures.flatMap { capture in
            capture.results.flatMap { results(of: $0, in: capture, isStrict: isStrict) }
          })
      ])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Nothing in it is a number that JSON has not.
    let data = (try? encoder.encode(log)) ?? Data()
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static let rules: [Rule] =
    [
      Rule(
        id: expectationRule, shortDescription: Text(text: "a connection is not as expected"),
        fullDescription: Text(text: "What a file of expectations says does not hold."),
        help: Text(text: "Look at the frames in Wireshark, or at 'synfin show' of the connection."),
        defaultConfiguration: Configuration(level: "error"))
    ]
    + FindingCatalogue.rules.map { rule in
      let references = rule.references.joined(separator: ", ")
      return Rule(
        id: rule.id, shortDescription: Text(text: rule.title),
        fullDescription: Text(text: rule.condition),
        help: Text(text: rule.advice + (references.isEmpty ? "" : "\n\n" + references)),
        defaultConfiguration: Configuration(level: rule.severity.name))
    }

  private static let places = Dictionary(
    uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })

  private static func results(
    of result: ExpectationResult, in capture: CheckedCapture, isStrict: Bool
  ) -> [Result] {
    guard result.verdict != .pass else { return [] }
    return result.mismatches.map { mismatch in
      let rule = mismatch.finding?.rule.id ?? expectationRule
      let isOpen = mismatch.verdict == .undetermined && !isStrict
      return Result(
        ruleId: rule, ruleIndex: places[rule] ?? 0, kind: isOpen ? "open" : "fail",
        // A result that is no failure has the level "none" (§3.27.10).
        level: isOpen ? "none" : mismatch.finding?.severity.name ?? "error",
        message: Text(text: message(result, mismatch, capture)),
        locations: [location(result, capture)],
        partialFingerprints: [
          "expectation/v1": fingerprint(result, mismatch, capture)
        ],
        properties: Properties(
          capture: capture.capture, expectation: result.name,
          connection: mismatch.connection?.number, frames: mismatch.frames,
          displayFilter: mismatch.displayFilter))
    }
  }

  /// What makes it the same in another run: nothing that is measured.
  private static func fingerprint(
    _ result: ExpectationResult, _ mismatch: ExpectationResult.Mismatch, _ capture: CheckedCapture
  ) -> String {
    let connection = mismatch.connection.map { "\($0.number) \($0.server)" } ?? ""
    return [capture.capture, result.name, mismatch.finding?.rule.id ?? "", connection].joined(
      separator: "|")
  }

  /// How the run went: which captures could not be read.
  private static func invocation(_ captures: [CheckedCapture]) -> Invocation {
    let errors = captures.compactMap(\.error)
    return Invocation(
      executionSuccessful: errors.isEmpty,
      toolExecutionNotifications: errors.map {
        Notification(level: "error", message: Text(text: $0))
      })
  }

  private static func message(
    _ result: ExpectationResult, _ mismatch: ExpectationResult.Mismatch, _ capture: CheckedCapture
  ) -> String {
    var text =
      "\(capture.capture): \(result.name): expected \(result.expected), found \(mismatch.found)"
    if let connection = mismatch.connection {
      text += " in \(connection)"
    }
    if let doubt = mismatch.doubt { text += "; \(doubt)" }
    if let finding = mismatch.finding { text += ". \(finding.message)" }
    return text
  }

  private static func location(_ result: ExpectationResult, _ capture: CheckedCapture) -> Location {
    let region = result.position.map { Region(startLine: $0.line, startColumn: $0.column) }
    let file = result.position?.file ?? capture.capture
    return Location(
      physicalLocation: PhysicalLocation(
        artifactLocation: ArtifactLocation(uri: uri(file)), region: region))
  }

  /// A path as a relative reference (RFC 3986 §4.2), or as a file URI where it begins at the root.
  private static func uri(_ path: String) -> String {
    let kept = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
    let encoded = path.utf8.map { byte in
      if kept.contains(byte) { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }
    return (path.hasPrefix("/") ? "file://" : "") + encoded.joined()
  }
}

// MARK: - The format's objects, by the names that it gives their properties

private struct Log: Encodable {
  var schema: String
  var version: String
  var runs: [Run]

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }
}

private struct Run: Encodable {
  var tool: Tool
  var columnKind: String
  var invocations: [Invocation]
  var results: [Result]
}

private struct Invocation: Encodable {
  var executionSuccessful: Bool
  var toolExecutionNotifications: [Notification]
}

private struct Notification: Encodable {
  var level: String
  var message: Text
}

private struct Tool: Encodable {
  var driver: Driver
}

private struct Driver: Encodable {
  var name: String
  var version: String
  var rules: [Rule]
}

private struct Rule: Encodable {
  var id: String
  var shortDescription: Text
  var fullDescription: Text
  var help: Text
  var defaultConfiguration: Configuration
}

private struct Configuration: Encodable {
  var level: String
}

private struct Text: Encodable {
  var text: String
}

private struct Result: Encodable {
  var ruleId: String
  var ruleIndex: Int
  var kind: String
  var level: String
  var message: Text
  var locations: [Location]
  var partialFingerprints: [String: String]
  var properties: Properties
}

private struct Location: Encodable {
  var physicalLocation: PhysicalLocation
}

private struct PhysicalLocation: Encodable {
  var artifactLocation: ArtifactLocation
  var region: Region?
}

private struct ArtifactLocation: Encodable {
  var uri: String
}

private struct Region: Encodable {
  var startLine: Int
  var startColumn: Int
}

private struct Properties: Encodable {
  var capture: String
  var expectation: String
  var connection: Int?
  var frames: [Int]
  var displayFilter: String?
}
