/// What came of an expectation in the connections so far.
struct Tally {
  /// So many mismatches are told of one expectation.
  static let toldAtMost = 5

  private var failures: [ExpectationResult.Mismatch] = []
  private var doubts: [ExpectationResult.Mismatch] = []
  private var untoldFailures = 0
  private var untoldDoubts = 0

  mutating func add(_ mismatch: ExpectationResult.Mismatch?) {
    guard let mismatch else { return }
    if mismatch.verdict == .fail {
      if failures.count < Self.toldAtMost { failures.append(mismatch) } else { untoldFailures += 1 }
    } else {
      if doubts.count < Self.toldAtMost { doubts.append(mismatch) } else { untoldDoubts += 1 }
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
