import FlowAnalysis

/// Whether there are connections as one item of `some` says.
struct SomeCheck {
  private let expectation: SomeExpectation
  private var matching = 0
  /// Connections that may be so, as far as the capture tells.
  private var doubtful = 0
  /// What the connection lacks that comes nearest.
  private var nearest: (missing: Int, mismatch: ExpectationResult.Mismatch)?

  init(_ expectation: SomeExpectation) {
    self.expectation = expectation
  }

  mutating func take(_ subject: CheckedReport) {
    let isChosen = expectation.selection.selects(subject)
    guard isChosen != .no else { return }
    var lacks: [(item: ConnectionExpectation, mismatch: ExpectationResult.Mismatch)] = []
    for item in expectation.expectations {
      if item.holds(for: subject) != .yes { lacks.append((item, item.mismatch(in: subject))) }
    }
    guard let (item, first) = lacks.first(where: { $0.mismatch.verdict == .fail }) ?? lacks.first
    else {
      if isChosen == .yes { matching += 1 } else { doubtful += 1 }
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
    let possible = (matching...(matching + doubtful)).map(isEnough)
    let verdict: Verdict =
      possible.allSatisfy { $0 } ? .pass : possible.contains(true) ? .undetermined : .fail
    return ExpectationResult(
      name: expectation.name, position: expectation.position, verdict: verdict,
      expected: expected, mismatches: verdict == .pass ? [] : [mismatch(verdict)])
  }

  private func isEnough(_ count: Int) -> Bool {
    expectation.count?.holds(for: count) ?? (count > 0)
  }

  private func mismatch(_ verdict: Verdict) -> ExpectationResult.Mismatch {
    let doubt =
      verdict == .undetermined
      ? "of \(Quantity.count(doubtful)) more the capture does not tell" : nil
    // Where more would be needed, the one that comes nearest says what is wrong.
    let isTooFew = (matching + 1...matching + 1 + doubtful).contains(where: isEnough)
    guard isTooFew || matching == 0, var mismatch = nearest?.mismatch else {
      let found =
        matching > 0
        ? Quantity.count(matching, "such connection") : "no connection that it is about"
      return .init(verdict: verdict, found: found, doubt: doubt)
    }
    mismatch.verdict = verdict
    mismatch.doubt = doubt.map { _ in mismatch.doubt ?? doubt ?? "" }
    return mismatch
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
