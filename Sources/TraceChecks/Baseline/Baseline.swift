import FoundationEssentials

/// The findings that were accepted.
public struct Baseline: Sendable {
  private var findings: Set<FindingFingerprint> = []

  public init() {}

  /// What `text` wrote.
  ///
  /// - Throws: `BaselineError` if it is something else.
  public init(reading text: String, file: String) throws(BaselineError) {
    let stored: StoredBaseline
    do {
      stored = try JSONDecoder().decode(StoredBaseline.self, from: Data(text.utf8))
    } catch {
      throw BaselineError(
        description: "'\(file)' is no baseline; --write-baseline writes one")
    }
    guard stored.schema == StoredBaseline.schema else {
      throw BaselineError(
        description: "'\(file)' is a baseline of another version (schema \(stored.schema)); "
          + "--write-baseline writes it anew")
    }
    findings = Set(stored.findings)
  }

  /// Accepts what was found.
  public mutating func accept(_ collected: CollectedFindings) {
    findings.formUnion(collected.findings.keys)
  }

  /// As a file, in an order that depends on nothing but what was accepted.
  public var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let stored = StoredBaseline(schema: StoredBaseline.schema, findings: findings.sorted())
    // Strings and one number: nothing that JSON has not.
    let data = (try? encoder.encode(stored)) ?? Data()
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// What of a capture's findings is new, and what has vanished; of a capture that could not be read to its
  /// end (`error`) nothing is known to have.
  public func results(of collected: CollectedFindings, error: String?) -> [ExpectationResult] {
    var tally = Tally()
    for (fingerprint, mismatch) in collected.findings.sorted(by: { $0.key < $1.key })
    where !findings.contains(fingerprint) {
      tally.add(mismatch)
    }
    if let error { tally.add(.init(verdict: .undetermined, found: "not all", doubt: error)) }
    if collected.isFull {
      tally.add(
        .init(
          verdict: .undetermined, found: "more findings than can be told apart",
          doubt: "only the first \(CollectedFindings.atMost) were looked at"))
    }
    let new = tally.result("baseline: new findings", nil, expected: "no new finding")
    let vanished = findings.filter {
      $0.capture == collected.capture && collected.findings[$0] == nil
    }.sorted()
    guard !vanished.isEmpty, error == nil else { return [new] }
    var result = ExpectationResult(
      name: "baseline: vanished findings", verdict: .pass,
      expected: vanished.map { "\($0.id), \($0.between)" }.joined(separator: "; ") + " no more",
      mismatches: [])
    result.isNews = true
    return [new, result]
  }
}

/// Something that is no baseline.
public struct BaselineError: Error, CustomStringConvertible {
  public var description: String
}

private struct StoredBaseline: Codable {
  static let schema = 1

  var schema: Int
  var findings: [FindingFingerprint]
}
