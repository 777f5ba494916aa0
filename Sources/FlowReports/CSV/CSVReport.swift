public import FlowAnalysis

/// A row a connection, as they end; before the first one, the names of the columns.
///
/// RFC 4180 but for the end of a row, which is a line feed alone: so tshark, Zeek and pandas write it, and so
/// `cut` and `awk` do not find a carriage return in the last column. What is not known is empty. What many
/// connections show together and what the capture came to have no row: the other formats tell that.
public final class CSVReport: AnalysisSink {
  private let output: ReportOutput
  private let capture: String
  private var text = RecordText()

  /// A report of one capture, under the name by which its rows speak of it.
  public init(to output: ReportOutput, capture: String) {
    self.output = output
    self.capture = capture
  }

  public func connectionEnded(_ report: ConnectionReport) {
    writeHeaderIfFirst()
    let row = CSVRow(report, capture: capture)
    writeLine { (column, text) in column.write(row, &text) }
  }

  public func captureEnded(_ summary: TraceSummary) {
    // So that a capture without connections is a table without rows.
    writeHeaderIfFirst()
    // What is said on standard error next is to stand below it.
    output.flush()
  }

  private func writeHeaderIfFirst() {
    guard !output.hasBegun else { return }
    writeLine { (column, text) in text.appendField(column.name) }
  }

  private func writeLine(_ field: (CSVColumn, inout RecordText) -> Void) {
    Self.append(field, to: &text)
    output.write(text)
    text.truncate(to: 0)
  }

  // Of a property of a class each use is checked at run time: of an argument, none.
  private static func append(
    _ field: (CSVColumn, inout RecordText) -> Void, to text: inout RecordText
  ) {
    for (index, column) in CSVColumn.all.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      field(column, &text)
    }
    text.append(UInt8(ascii: "\n"))
  }
}
