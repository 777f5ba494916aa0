import FlowReports

/// What came of expectations in the Test Anything Protocol, version 14: a test point an expectation.
public enum TAPReport {
  /// The stream; where `isStrict`, what is undetermined has failed, else it was skipped.
  public static func render(_ captures: [CheckedCapture], isStrict: Bool) -> String {
    var points: [String] = []
    for capture in captures {
      if let error = capture.error {
        points.append(
          point(false, points.count, capture.capture, "the capture can be read", "")
            + diagnostics([("message", error)]))
      }
      for result in capture.results {
        points.append(point(result, points.count, capture.capture, isStrict))
      }
    }
    return "TAP version 14\n1..\(points.count)\n" + points.joined()
  }

  private static func point(
    _ result: ExpectationResult, _ before: Int, _ capture: String, _ isStrict: Bool
  ) -> String {
    let isSkipped = result.verdict == .undetermined && !isStrict
    let isOK = result.verdict == .pass || isSkipped
    let reason = isSkipped ? " # SKIP \(result.mismatches.first?.doubt ?? "undetermined")" : ""
    let line = point(isOK, before, capture, result.name, reason)
    guard !isOK else { return line }
    let first = result.mismatches.first
    var pairs = [("expected", result.expected)]
    if let first { pairs.append(("found", first.found)) }
    if let connection = first?.connection { pairs.append(("connection", "\(connection.number)")) }
    if let doubt = first?.doubt { pairs.append(("undetermined", doubt)) }
    if let filter = first?.displayFilter { pairs.append(("filter", filter)) }
    if let position = result.position { pairs.append(("at", "\(position)")) }
    return line + diagnostics(pairs)
  }

  private static func point(
    _ isOK: Bool, _ before: Int, _ capture: String, _ name: String, _ directive: String
  ) -> String {
    let description = escaped("\(capture): \(name)")
    return "\(isOK ? "ok" : "not ok") \(before + 1) - \(description)\(directive)\n"
  }

  /// The YAML block of a test point, every value in quotation marks.
  private static func diagnostics(_ pairs: [(name: String, value: String)]) -> String {
    let lines = pairs.map { name, value in
      let quoted = value.printable.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "  \(name): \"\(quoted)\"\n"
    }
    return "  ---\n" + lines.joined() + "  ...\n"
  }

  /// A description has no line feed, and a `#` would begin a directive.
  private static func escaped(_ text: String) -> String {
    text.printable.replacing("\\", with: "\\\\").replacing("#", with: "\\#")
  }
}
