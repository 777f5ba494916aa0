/// What came of expectations as JUnit XML: a test suite a capture, a test case an expectation.
///
/// The elements are those that Jenkins, GitLab and GitHub's reporters read; there is no standard.
public enum JUnitReport {
  /// The document; where `isStrict`, what is undetermined has failed, else it was skipped.
  public static func render(_ captures: [CheckedCapture], isStrict: Bool) -> String {
    let suites = captures.map { Suite($0, isStrict: isStrict) }
    var writer = XMLWriter()
    writer.element("testsuites", Counts(suites).attributes(name: "synfin check")) { writer in
      for suite in suites { suite.write(to: &writer) }
    }
    return writer.text
  }

  private struct Suite {
    let capture: CheckedCapture
    let isStrict: Bool
    let counts: Counts

    init(_ capture: CheckedCapture, isStrict: Bool) {
      self.capture = capture
      self.isStrict = isStrict
      let failures = capture.count(.fail) + (isStrict ? capture.count(.undetermined) : 0)
      counts = Counts(
        tests: capture.results.count + (capture.error == nil ? 0 : 1), failures: failures,
        errors: capture.error == nil ? 0 : 1,
        skipped: isStrict ? 0 : capture.count(.undetermined))
    }

    func write(to writer: inout XMLWriter) {
      writer.element("testsuite", counts.attributes(name: capture.capture)) { writer in
        if let error = capture.error {
          writer.element("testcase", attributes("the capture can be read", nil)) {
            $0.element("error", [("message", error), ("type", "unreadable")])
          }
        }
        for result in capture.results {
          writer.element("testcase", attributes(result.name, result.position)) {
            write(result, to: &$0)
          }
        }
      }
    }

    private func attributes(
      _ name: String, _ position: TextPosition?
    ) -> [(name: String, value: String)] {
      var attributes = [("name", name), ("classname", capture.capture), ("time", "0")]
      if let position {
        attributes += [("file", position.file), ("line", String(position.line))]
      }
      return attributes
    }

    private func write(_ result: ExpectationResult, to writer: inout XMLWriter) {
      guard result.verdict != .pass else { return }
      guard result.verdict == .fail || isStrict else {
        return writer.element("skipped", [("message", result.summary)])
      }
      let type = result.verdict == .fail ? "expectation" : "undetermined"
      writer.element("failure", [("message", result.summary), ("type", type)]) {
        $0.text(result.details)
      }
    }
  }

  private struct Counts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    init(tests: Int, failures: Int, errors: Int, skipped: Int) {
      self.tests = tests
      self.failures = failures
      self.errors = errors
      self.skipped = skipped
    }

    init(_ suites: [Suite]) {
      for suite in suites {
        tests += suite.counts.tests
        failures += suite.counts.failures
        errors += suite.counts.errors
        skipped += suite.counts.skipped
      }
    }

    func attributes(name: String) -> [(name: String, value: String)] {
      [
        ("name", name), ("tests", String(tests)), ("failures", String(failures)),
        ("errors", String(errors)), ("skipped", String(skipped)), ("time", "0"),
      ]
    }
  }
}

extension ExpectationResult {
  /// One line: `expected complete, found half-open`.
  var summary: String {
    let found = mismatches.first.map { mismatch in
      ", found \(mismatch.found)"
        + (mismatch.connection.map { " in connection \($0.number)" } ?? "")
        + (mismatch.doubt.map { "; \($0)" } ?? "")
    }
    return "expected \(expected)" + (found ?? "")
  }

  /// All that was found, a line each.
  var details: String {
    var lines = ["expected: \(expected)"]
    for mismatch in mismatches { lines += CheckText.lines(of: mismatch) }
    if untold > 0 { lines.append("… and \(untold) more") }
    return lines.joined(separator: "\n") + "\n"
  }
}
