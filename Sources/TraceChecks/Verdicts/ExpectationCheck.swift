public import FlowAnalysis
import FlowTracker

/// Holds the connections of a capture against expectations, as they end.
public final class ExpectationCheck: AnalysisSink {
  private let expectations: Expectations
  private var selected = 0
  /// Connections of which the capture does not tell whether they are selected.
  private var doubtful = 0
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
    quality?.take(subject)
    switch expectations.selection.selects(subject) {
    case .no: return
    case .unknown: doubtful += 1
    case .yes:
      selected += 1
      for index in each.indices { each[index].take(subject) }
      for index in some.indices { some[index].take(subject) }
      findings?.take(subject)
      profile?.take(subject)
    }
  }

  public func found(_ finding: CaptureFinding) {
    findings?.take(finding)
    quality?.take(finding)
  }

  public func captureEnded(_ summary: TraceSummary) {
    self.summary = summary
  }

  /// What came of each expectation: of the capture, of connections, of findings; empty before the capture
  /// has ended.
  public var results: [ExpectationResult] {
    guard let summary else { return [] }
    var results: [ExpectationResult] = []
    if let quality { results.append(quality.result(summary)) }
    results += profile?.results ?? []
    if let result = selectionResult(summary) { results.append(result) }
    let mayBeNone = selected == 0 && expectations.count?.holds(for: 0) == true
    for check in each { results += check.results(mayBeNone: mayBeNone) }
    results += some.map { $0.result }
    results += findings?.results ?? []
    guard summary.linkType == nil || summary.framesRead == 0, let error = summary.error else {
      return results
    }
    return results.map { $0.undetermined(because: error) }
  }

  /// Whether as many connections are selected as are expected; where nothing is expected, but something
  /// selected, at least one.
  private func selectionResult(_ summary: TraceSummary) -> ExpectationResult? {
    let condition = expectations.count?.condition
    let isChosen = !expectations.selection.isEmpty || expectations.filter != nil
    guard let expected = condition?.text ?? (isChosen && selected == 0 ? ">= 1" : nil) else {
      return nil
    }
    let isCut = summary.error != nil
    let outlook: Outlook = isCut || doubtful > 0 ? .mayGrow : []
    let truth = condition?.holds(for: FieldValue(selected), outlook) ?? (isCut ? .unknown : .no)
    let mismatch = ExpectationResult.Mismatch(
      verdict: truth == .no ? .fail : .undetermined, found: Quantity.count(selected, "connection"),
      doubt: truth == .no
        ? nil
        : isCut
          ? "the capture could not be read to its end"
          : "of \(Quantity.count(doubtful)) more the capture does not tell")
    return ExpectationResult(
      name: "connections: count", position: expectations.countPosition,
      verdict: truth == .yes ? .pass : mismatch.verdict, expected: expected,
      mismatches: truth == .yes ? [] : [mismatch])
  }
}

extension [FieldExpectation] {
  /// Whether a connection is one of those that they choose.
  func selects(_ subject: CheckedReport) -> Truth { .all(of: lazy.map { $0.holds(for: subject) }) }
}

extension ExpectationResult {
  /// The same of a capture of which nothing could be read.
  fileprivate func undetermined(because error: String) -> ExpectationResult {
    ExpectationResult(
      name: name, position: position, verdict: .undetermined, expected: expected,
      mismatches: [.init(verdict: .undetermined, found: "nothing", doubt: error)])
  }
}

/// Whether every connection is as one item of `each` says.
private struct EachCheck {
  private let expectation: EachExpectation
  private var tallies: [Tally]
  private var chosen = 0
  private var doubtful = 0

  init(_ expectation: EachExpectation) {
    self.expectation = expectation
    tallies = expectation.expectations.map { _ in Tally() }
  }

  mutating func take(_ subject: CheckedReport) {
    switch expectation.selection.selects(subject) {
    case .no: return
    case .unknown: doubtful += 1
    case .yes:
      chosen += 1
      for (index, expectation) in expectation.expectations.enumerated() {
        tallies[index].add(expectation.holds(for: subject)) { expectation.mismatch(in: subject) }
      }
    }
  }

  /// What came of it; `mayBeNone` where it was said that there may be no connection to choose from.
  func results(mayBeNone: Bool) -> [ExpectationResult] {
    var results: [ExpectationResult] = []
    if let count = expectation.count {
      results.append(
        ExpectationResult(
          name: "\(expectation.name): count", position: count.position,
          verdict: count.holds(for: chosen) ? .pass : .fail, expected: count.condition.text,
          mismatches: count.holds(for: chosen)
            ? [] : [.init(verdict: .fail, found: Quantity.count(chosen, "connection"))]))
    }
    let isMissed = chosen == 0 && !mayBeNone && expectation.count?.holds(for: 0) != true
    return results
      + zip(expectation.expectations, tallies).map { item, tally in
        var tally = tally
        if isMissed { tally.add(missed) }
        return tally.result(
          "\(expectation.name): \(item.name)", item.position, expected: item.expected)
      }
  }

  /// What is expected of each is expected of one at least.
  private var missed: ExpectationResult.Mismatch {
    let found = "no connection that it is about"
    guard doubtful > 0 else { return .init(verdict: .fail, found: found) }
    let doubt = "of \(Quantity.count(doubtful)) the capture does not tell whether they are"
    return .init(verdict: .undetermined, found: found, doubt: doubt)
  }
}
