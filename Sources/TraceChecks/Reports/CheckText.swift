import FlowAnalysis
public import FlowReports

/// What came of expectations, for people: what does not hold, told well, and a line of totals.
public struct CheckText {
  private let style: TextStyle
  /// Whether what holds is told too.
  private let tellsAll: Bool

  public init(style: TextStyle, tellsAll: Bool = false) {
    self.style = style
    self.tellsAll = tellsAll
  }

  /// What of one capture is not as expected; empty where everything is, and nobody wants to know.
  public func render(_ capture: CheckedCapture) -> String {
    let told = capture.results.filter { tellsAll || $0.verdict != .pass || $0.isNews }
    guard !told.isEmpty else { return "" }
    var text = style.paint(Self.heading(capture.capture), .heading)
    if let expectations = capture.expectations { text += ", by \(expectations.printable)" }
    text += "\n"
    var connection: Int?
    for result in told { text += render(result, after: &connection) }
    return text + "\n"
  }

  // `connection` is the one that was told of last, of which need not be said again which it is.
  private func render(_ result: ExpectationResult, after connection: inout Int?) -> String {
    let tone: TextStyle.Tone =
      switch result.verdict {
      case .pass: .good
      case .undetermined: .warning
      case .fail: .bad
      }
    var text = "  \(style.paint(result.verdict.name, tone))  \(result.name)"
    if let position = result.position { text += "  (\(position.description.printable))" }
    text += "\n" + indented("expected: \(result.expected)")
    if result.verdict == .pass { return text }
    for mismatch in result.mismatches {
      let isKnown = mismatch.connection != nil && mismatch.connection?.number == connection
      let lines = Self.lines(of: mismatch, isKnown: isKnown, width: style.columns.map { $0 - 4 })
      text += indented(lines.joined(separator: "\n"))
      connection = mismatch.connection?.number
    }
    if result.untold > 0 { text += indented("… and \(Quantity.count(result.untold)) more") }
    return text
  }

  /// What was found, without colours and not yet indented; `isKnown` where it has just been said which
  /// connection it is, and sentences within the width where there is one.
  static func lines(
    of mismatch: ExpectationResult.Mismatch, isKnown: Bool = false, width: Int? = nil
  ) -> [String] {
    let label = "found:    "
    var lines = [label + mismatch.found.printable]
    if let finding = mismatch.finding {
      let room = TextStyle(columns: width.map { $0 - label.count })
      lines += room.wrap(finding.message.printable).split(separator: "\n").map {
        String(repeating: " ", count: label.count) + $0
      }
    }
    if let connection = mismatch.connection, !isKnown {
      lines.append("where:    \(connection)")
    }
    if let doubt = mismatch.doubt { lines.append("but:      \(doubt)") }
    if let filter = mismatch.displayFilter, !isKnown || !mismatch.frames.isEmpty {
      lines.append("filter:   \(filter)")
    }
    if let ladder = mismatch.ladder {
      lines += ladder.split(separator: "\n").map { "  \($0)" }
    }
    return lines
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "    \($0)\n" }.joined()
  }

  /// The capture's name, which must not be what a CI system takes for a command to it.
  private static func heading(_ capture: String) -> String {
    let name = capture.printable
    return name.hasPrefix(":") || name.hasPrefix("#") ? "'\(name)'" : name
  }

  /// The last line, as `26 captures, 143 expectations: 142 pass, 1 fail`.
  public static func totals(of captures: [CheckedCapture]) -> String {
    let results = captures.flatMap(\.results)
    let counts = [Verdict.pass, .fail, .undetermined].compactMap { verdict in
      let count = results.count { $0.verdict == verdict }
      return count > 0 ? "\(Quantity.count(count)) \(verdict.name)" : nil
    }
    let tail = counts.isEmpty ? "" : ": " + counts.joined(separator: ", ")
    return Quantity.count(captures.count, "capture") + ", "
      + Quantity.count(results.count, "expectation") + tail + ".\n"
  }
}
