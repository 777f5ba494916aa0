public import FlowAnalysis

/// The formats in which an analysis can be written.
public enum ReportFormat: String, CaseIterable, Sendable {
  case text
  case ndjson
  case csv

  public var summary: String {
    switch self {
    case .text: "one row a connection, then totals, for people"
    case .ndjson: "one JSON object a line, for programs"
    case .csv: "one row a connection and nothing else, for tables"
    }
  }

  /// Whether it has a place for the round trips of payload, which then are to be measured.
  public var tellsRoundTrips: Bool {
    switch self {
    case .text: false
    case .ndjson, .csv: true
    }
  }

  /// Whether its sink wants the report of every connection.
  public var tellsEveryConnection: Bool {
    switch self {
    case .text: false
    case .ndjson, .csv: true
    }
  }

  /// A sink that writes the results of one capture in this format.
  public func sink(to output: ReportOutput, capture: String, style: TextStyle) -> any AnalysisSink {
    switch self {
    case .text: TextReport(to: output, style: style)
    case .ndjson: NDJSONReport(to: output, capture: capture)
    case .csv: CSVReport(to: output, capture: capture)
    }
  }

  /// Writes what stands at the end of a report of several captures.
  public func writeTotals(
    of captures: [TraceSummary], to output: ReportOutput, style: TextStyle
  ) {
    switch self {
    case .text: output.write(style.wrap(TotalsText.lines(of: captures)))
    case .ndjson, .csv: break
    }
  }
}
