/// What came of an expectation in the connections so far.
struct Tally {
  /// So many mismatches are told of one expectation.
  static let toldAtMost = 5

  private var failures: [ExpectationResult.Mismatch] = []
  private var doubts: [ExpectationResult.Mismatch] = []
  private var untoldFailures = 0
  private var untoldDoubts = 0

  mutating func add(_ mismatch: ExpectationResult.Mismatch) {
    add(mismatch.verdict == .fail ? .no : .unknown) { mismatch }
  }

  /// - Parameters:
  ///   - truth: Whether something is as expected.
  ///   - mismatch: What is to be said if it is not; asked for only where there is room for it.
  mutating func add(_ truth: Truth, _ mismatch: () -> ExpectationResult.Mismatch) {
    switch truth {
    case .yes: break
    case .no:
      if failures.count < Self.toldAtMost {
        failures.append(mismatch())
      } else {
        untoldFailures += 1
      }
    case .unknown:
      if doubts.count < Self.toldAtMost { doubts.append(mismatch()) } else { untoldDoubts += 1 }
    }
  }

  var verdict: Verdict {
    failures.isEmpty ? doubts.isEmpty ? .pass : .undetermined : .fail
  }

  /// The result, in which failures hide what is undetermined.
  func result(_ name: String, _ position: TextPosition?, expected: String) -> ExpectationResult {
    let isFailed = verdict == .fail
    return ExpectationResult(
      name: name, position: position, verdict: verdict, expected: expected,
      mismatches: isFailed ? failures : doubts, untold: isFailed ? untoldFailures : untoldDoubts)
  }
}
