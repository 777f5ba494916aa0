public import FlowReports

/// The formats in which verdicts can be written to standard output.
public enum CheckFormat: String, CaseIterable, Sendable {
  case text
  case tap

  public var summary: String {
    switch self {
    case .text: "what does not hold, then totals, for people"
    case .tap: "Test Anything Protocol 14, for test harnesses"
    }
  }

  /// The verdicts in this format: text tells what holds only if it `tellsAll`, and where it `isStrict` what is
  /// undetermined has failed.
  public func render(
    _ captures: [CheckedCapture], style: TextStyle, tellsAll: Bool, isStrict: Bool
  ) -> String {
    switch self {
    case .text:
      let text = CheckText(style: style, tellsAll: tellsAll)
      return captures.map(text.render).joined() + CheckText.totals(of: captures)
    case .tap: return TAPReport.render(captures, isStrict: isStrict)
    }
  }
}
