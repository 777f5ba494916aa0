public import FlowAnalysis
import FlowTracker

/// Holds the connections of a capture against expectations, as they end.
public final class ExpectationCheck: AnalysisSink {
  private let expectations: Expectations
  private var selected = 0
  private var each: [EachCheck]
  private var some: [SomeCheck]
  private var findings: FindingsCheck?
  private var quality: QualityCheck?
  private var profile: ProfileCheck?
  private var summary: TraceSummary?

  public init(_ expectations: Expectations) {
    self.expectations = expectations
    each = expectations.each.map { EachCheck($0) }
    some = expectations.some.map { SomeCheck($0) }
    findings = expectations.findings.map { FindingsCheck($0) }
    quality = expectations.quality.map { QualityCheck($0) }
    profile = expectations.profile.map { ProfileCheck($0) }
  }

  public func connectionEnded(_ report: ConnectionReport) {
    let subject = CheckedReport(report, patience: expectations.patience)
    guard expectations.selection.allSatisfy({ $0.holds(for: subject) }) else { return }
    selected += 1
    for index in each.indices { each[index].take(subject) }
    for index in some.indices { some[index].take(subject) }
    findings?.take(subject)
    quality?.take(subject)
    profile?.take(subject)
  }

  public func found(_ finding: CaptureFinding) {
    findings?.take(finding)
    quality?.take(finding)
  }

  public func captureEnded(_ summary: TraceSummary) {
    self.summary = summary
  }

  /// What came of each expectation, in the order of sections of the file's reference; empty before the
  /// capture has ended.
  public var results: [ExpectationResult] {
    guard let summary else { return [] }
    var results: [ExpectationResult] = []
    if let quality { results.append(quality.result(summary)) }
    results += profile?.results ?? []
    if let count = expectations.count { results.append(countResult(count, summary)) }
    for check in each { results += check.results(saysHowMany: expectations.count != nil) }
    results += some.map { $0.result }
    results += findings?.results ?? []
    return results
  }

  private func countResult(
    _ count: FieldlessExpectation, _ summary: TraceSummary
  ) -> ExpectationResult {
    let holds = count.holds(for: selected)
    let mismatch = ExpectationResult.Mismatch(
      verdict: summary.error == nil ? .fail : .undetermined,
      found: Quantity.count(selected, "connection"),
      doubt: summary.error.map { _ in "the capture could not be read to its end" })
    return ExpectationResult(
      name: "connections: count", position: count.position,
      verdict: holds ? .pass : mismatch.verdict, expected: count.condition.text,
      mismatches: holds ? [] : [mismatch])
  }
}

/// Whether every connection is as one item of `each` says.
private struct EachCheck {
  private let expectation: EachExpectation
  private var tallies: [Tally]
  private var chosen = 0

  init(_ expectation: EachExpectation) {
    self.expectation = expectation
    tallies = expectation.expectations.map { _ in Tally() }
  }

  mutating func take(_ subject: CheckedReport) {
    guard expectation.selection.allSatisfy({ $0.holds(for: subject) }) else { return }
    chosen += 1
    for (index, expectation) in expectation.expectations.enumerated() {
      tallies[index].add(expectation.mismatch(in: subject))
    }
  }

  /// - Parameter saysHowMany: Whether another expectation says that there may be no connection at all; if
  ///   none does, what is expected of each is expected of at least one.
  func results(saysHowMany: Bool) -> [ExpectationResult] {
    zip(expectation.expectations, tallies).map { item, tally in
      var tally = tally
      if chosen == 0, !saysHowMany {
        tally.add(.init(verdict: .fail, found: "no connection that it is about"))
      }
      return tally.result(
        "\(expectation.name): \(item.name)", item.position, expected: item.expected)
    }
  }
}

/// Whether there are connections as one item of `some` says.
private struct SomeCheck {
  private let expectation: SomeExpectation
  private var matching = 0
  private var doubtful = 0
  /// What the connection lacks that comes nearest.
  private var nearest: (missing: Int, mismatch: ExpectationResult.Mismatch)?

  init(_ expectation: SomeExpectation) {
    self.expectation = expectation
  }

  mutating func take(_ subject: CheckedReport) {
    guard expectation.selection.allSatisfy({ $0.holds(for: subject) }) else { return }
    let lacks = expectation.expectations.compactMap { item in
      item.mismatch(in: subject).map { (item, $0) }
    }
    guard let (item, first) = lacks.first(where: { $0.1.verdict == .fail }) ?? lacks.first else {
      matching += 1
      return
    }
    if first.verdict == .undetermined { doubtful += 1 }
    guard lacks.count < nearest?.missing ?? .max else { return }
    var mismatch = first
    mismatch.found = "\(item.name) is \(first.found), not \(item.expected)"
    if lacks.count > 1 { mismatch.found += ", and \(lacks.count - 1) more" }
    nearest = (lacks.count, mismatch)
  }

  var result: ExpectationResult {
    let holds = (matching...(matching + doubtful)).map { count in
      expectation.count?.holds(for: count) ?? (count > 0)
    }
    let verdict: Verdict =
      holds.allSatisfy { $0 } ? .pass : holds.contains(true) ? .undetermined : .fail
    var mismatch =
      nearest?.mismatch
      ?? ExpectationResult.Mismatch(verdict: verdict, found: "no connection that it is about")
    mismatch.verdict = verdict
    let isTooMany = expectation.count != nil && matching > 0
    if isTooMany {
      mismatch = .init(verdict: verdict, found: Quantity.count(matching, "such connection"))
    }
    return ExpectationResult(
      name: expectation.name, position: expectation.position, verdict: verdict,
      expected: expected, mismatches: verdict == .pass ? [] : [mismatch])
  }

  private var expected: String {
    let count = expectation.count.map { "\($0.condition.text) of " } ?? ""
    let parts =
      expectation.selection.map { "\($0.field.name) \($0.condition.text)" }
      + expectation.expectations.map { item in
        if case .field = item.subject { "\(item.name) \(item.expected)" } else { item.expected }
      }
    return count + parts.joined(separator: ", ")
  }
}
