public import FlowAnalysis
import FlowTracker

/// Writes down what a trusted capture shows, as a file of expectations that it fulfils itself.
///
/// States, outcomes, options and findings are expected exactly, amounts and times with head-room; no
/// addresses of clients, no moments, no sequence numbers. What the capture does not decide is not expected.
public final class ExpectationRecorder: AnalysisSink {
  /// A capture with more kinds of connections than that is none that a file could speak of one by one.
  private static let groupsAtMost = 100

  private var groups: [RecordedConnections] = []
  private var ungrouped = 0
  private var connections = 0
  private var quality = QualityCheck(TextPosition(file: "", line: 1, column: 1))
  /// Of the findings at warning or above.
  private var findings: Set<String> = []
  private var captureFindings: Set<String> = []
  private var summary: TraceSummary?

  public init() {}

  public func connectionEnded(_ report: ConnectionReport) {
    let subject = CheckedReport(report, patience: Expectations.defaultPatience)
    connections += 1
    quality.take(subject)
    for finding in report.findings where finding.severity >= .warning {
      findings.insert(finding.rule.id)
    }
    let recorded = RecordedConnections(subject)
    if let index = groups.firstIndex(where: { $0.isSame(as: recorded) }) {
      groups[index].merge(recorded)
    } else if groups.count < Self.groupsAtMost {
      groups.append(recorded)
    } else {
      ungrouped += 1
    }
  }

  public func found(_ finding: CaptureFinding) {
    quality.take(finding)
    captureFindings.insert(finding.rule.id)
    if finding.severity >= .warning { findings.insert(finding.rule.id) }
  }

  public func captureEnded(_ summary: TraceSummary) {
    self.summary = summary
  }

  /// The file of expectations, which names the capture; with `nil`, it is named when it is held against the
  /// file.
  public func text(capture: String?) -> String {
    var lines: [String] = []
    if let capture { lines.append("capture: \(Self.quoted(capture))") }
    if let summary, quality.result(summary).verdict == .pass { lines.append("quality: complete") }
    lines += ["connections:", "  count: \(connections)"]
    lines += connectionLines
    lines += findingLines
    return lines.joined(separator: "\n") + "\n"
  }

  private var connectionLines: [String] {
    guard ungrouped == 0 else {
      return [
        "# Of more than \(Self.groupsAtMost) kinds of connections nothing else is said: choose some with --filter."
      ]
    }
    guard let first = groups.first else { return [] }
    let common = first.exact.filter { line in groups.allSatisfy { $0.exact.contains(line) } }
    // What all have, and hardly any connection has not, need not be said.
    let said = common.filter { !RecordedConnections.isUsual($0) }
    guard groups.count > 1 else {
      return ["each:"] + NestedLines.render(said + first.bounds, indentation: 2)
    }
    var lines = said.isEmpty ? [] : ["each:"] + NestedLines.render(said, indentation: 2)
    lines.append("some:")
    // Of a connection of which the capture does not tell all, it does not tell either that it is no other.
    let isExact = groups.allSatisfy(\.isWhole)
    for group in groups {
      lines.append(isExact ? "  - count: \(group.count)" : "  - count: \">= \(group.count)\"")
      let own = group.exact.filter { !common.contains($0) } + group.bounds
      lines += NestedLines.render(own, indentation: 4)
    }
    return lines
  }

  private var findingLines: [String] {
    var lines = ["findings:", "  none_at_or_above: warning"]
    if !findings.isEmpty { lines.append("  allow: [\(findings.sorted().joined(separator: ", "))]") }
    if !captureFindings.isEmpty {
      lines.append("  require: [\(captureFindings.sorted().joined(separator: ", "))]")
    }
    return lines
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || [0x2d, 0x2e, 0x2f, 0x5f].contains(byte)
    }
    if isPlain, text.contains("."), text.first != "-" { return text }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
