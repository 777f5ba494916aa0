public import FlowReports

/// The formats in which a comparison can be written.
public enum ComparisonFormat: String, CaseIterable, Sendable {
  case text
  case ndjson

  public var summary: String {
    switch self {
    case .text: "what differs, connection by connection, for people"
    case .ndjson: "one JSON object a line, for programs"
    }
  }

  /// Writes the comparison in this format.
  public func write(_ comparison: Comparison, to output: ReportOutput, style: TextStyle) {
    switch self {
    case .text: output.write(ComparisonText(comparison, style).render())
    case .ndjson: ComparisonRecords(comparison).write(to: output)
    }
  }
}
