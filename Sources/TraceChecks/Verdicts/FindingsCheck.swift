import FlowAnalysis

/// Whether the findings of a capture are as its file says.
struct FindingsCheck {
  private let expectation: FindingsExpectation
  private var overLimit = Tally()
  private var missing: Set<String>
  /// Why what is missing may be so only because it was not captured.
  private var doubt: String?
  private var forbidden: [String: Tally] = [:]

  init(_ expectation: FindingsExpectation) {
    self.expectation = expectation
    missing = Set(expectation.required.map(\.rule.id))
    for (rule, _) in expectation.forbidden { forbidden[rule.id] = Tally() }
  }

  mutating func take(_ subject: CheckedReport) {
    if doubt == nil, !missing.isEmpty {
      doubt = subject.reason(subject.doubts(about: .findings))
    }
    for finding in subject.report.findings {
      take(finding.rule.id, finding.severity, isSure: !finding.isCensored) {
        subject.mismatch(of: finding)
      }
    }
  }

  mutating func take(_ finding: CaptureFinding) {
    take(finding.rule.id, finding.severity, isSure: true) { finding.mismatch }
  }

  private mutating func take(
    _ id: String, _ severity: Finding.Severity, isSure: Bool,
    _ mismatch: () -> ExpectationResult.Mismatch
  ) {
    missing.remove(id)
    let truth: Truth = isSure ? .no : .unknown
    forbidden[id]?.add(truth, mismatch)
    if let limit = expectation.limit, severity >= limit.severity,
      !expectation.allowed.contains(id)
    {
      overLimit.add(truth, mismatch)
    }
  }

  var results: [ExpectationResult] {
    var results: [ExpectationResult] = []
    if let (severity, position) = expectation.limit {
      let allowed = expectation.allowed.sorted()
      let except = allowed.isEmpty ? "" : " but " + allowed.joined(separator: ", ")
      results.append(
        overLimit.result(
          "findings: none_at_or_above", position,
          expected: "no finding at or above \(severity.name)\(except)"))
    }
    for (rule, position) in expectation.required {
      let isMissing = missing.contains(rule.id)
      let verdict: Verdict = isMissing ? doubt == nil ? .fail : .undetermined : .pass
      results.append(
        ExpectationResult(
          name: "findings: require \(rule.id)", position: position, verdict: verdict,
          expected: rule.id,
          mismatches: isMissing
            ? [.init(verdict: verdict, found: "no \(rule.id)", doubt: doubt)] : []))
    }
    for (rule, position) in expectation.forbidden {
      let tally = forbidden[rule.id] ?? Tally()
      results.append(
        tally.result("findings: forbid \(rule.id)", position, expected: "no \(rule.id)"))
    }
    return results
  }
}
