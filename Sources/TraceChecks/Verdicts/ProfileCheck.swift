import FlowAnalysis

/// Whether the ends do what the requirements of a profile demand, as far as a capture shows it.
struct ProfileCheck {
  private let expectation: ProfileExpectation
  private var tallies: [Tally]

  init(_ expectation: ProfileExpectation) {
    self.expectation = expectation
    tallies = expectation.requirements.map { _ in Tally() }
  }

  mutating func take(_ subject: CheckedReport) {
    for finding in subject.report.findings where expectation.isAbout(finding.blame) {
      for (index, requirement) in expectation.requirements.enumerated()
      where requirement.isBreached(by: finding) {
        var mismatch = subject.mismatch(of: finding)
        if finding.certainty == .possible, mismatch.verdict == .fail {
          mismatch.verdict = .undetermined
          mismatch.doubt = "something else may explain it"
        }
        tallies[index].add(mismatch)
      }
    }
  }

  var results: [ExpectationResult] {
    zip(expectation.requirements, tallies).map { requirement, tally in
      tally.result(
        // A section may have several.
        "profile: \(requirement.reference): \(requirement.duty)", expectation.position,
        expected: requirement.duty)
    }
  }
}
