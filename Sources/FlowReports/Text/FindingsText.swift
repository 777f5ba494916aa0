public import FlowAnalysis

/// Findings as people read them: those of a capture, those of a connection, and the catalogue.
public enum FindingsText {
  /// Below the table of connections: a line a kind, the worst first.
  struct Listing {
    private var lines: [Line] = []

    private struct Line {
      var rule: FindingRule
      var severity: Finding.Severity
      var connections: [Int]
      var count: Int
    }

    /// So many connections are named of each kind.
    private static let named = 5

    mutating func add(_ findings: [Finding], of connection: Int) {
      for (index, finding) in findings.enumerated() {
        // One of each end is one of the connection.
        let isFirst = !findings[..<index].contains {
          $0.rule === finding.rule && $0.severity == finding.severity
        }
        if isFirst { add(finding.rule, finding.severity, of: [connection], count: 1) }
      }
    }

    /// Adds a finding of so many connections, of which some are named.
    mutating func add(
      _ rule: FindingRule, _ severity: Finding.Severity, of connections: [Int], count: Int
    ) {
      let known = lines.firstIndex { $0.rule === rule && $0.severity == severity }
      guard let known else {
        lines.append(
          Line(rule: rule, severity: severity, connections: connections, count: count))
        return
      }
      lines[known].count += count
      // Connections end in another order than they are numbered in; the first are named.
      if lines[known].connections.count == Self.named, let last = lines[known].connections.last,
        !connections.contains(where: { $0 < last })
      {
        return
      }
      let named = (lines[known].connections + connections).sorted()
      lines[known].connections = Array(named.prefix(Self.named))
    }

    func render(_ style: TextStyle) -> String {
      guard !lines.isEmpty else { return "" }
      var table = TextTable(columns: [
        .init("findings"), .init("", isElidable: true), .init("connections"),
        .init("", dispensability: 1),
      ])
      let order = FindingCatalogue.rules.map(\.id)
      let sorted = lines.sorted {
        ($1.severity, order.firstIndex(of: $0.rule.id) ?? 0)
          < ($0.severity, order.firstIndex(of: $1.rule.id) ?? 0)
      }
      for line in sorted {
        var connections = line.connections.map { "#\($0)" }.joined(separator: " ")
        if line.count > line.connections.count {
          connections += " … \(Quantity.count(line.count)) in all"
        }
        table.append([
          .init(line.severity.name, tone(of: line.severity)), .init(line.rule.id),
          .init(connections), .init(line.rule.title),
        ])
      }
      return table.render(style) + "\n"
    }
  }

  /// Below the table of connections: what many of them show together, a sentence each.
  static func render(_ findings: [CaptureFinding], _ style: TextStyle) -> String {
    guard !findings.isEmpty else { return "" }
    return findings.map { finding in
      let certainty = finding.certainty == .proven ? "" : "; \(finding.certainty.name)"
      return style.wrap(
        style.paint("\(finding.severity.name):", tone(of: finding.severity))
          + " \(finding.message) [\(finding.rule.id)\(certainty)]")
        + (finding.displayFilter.isEmpty ? "\n" : "\n  \(finding.displayFilter)\n")
    }.joined() + "\n"
  }

  /// Below the ladder of a connection: a sentence each, and how to see its frames in Wireshark.
  static func render(_ findings: [Finding], _ style: TextStyle) -> String {
    findings.map { finding in
      var qualities = [finding.rule.id]
      if finding.certainty != .proven { qualities.append(finding.certainty.name) }
      if finding.isCensored { qualities.append("the capture may be to blame") }
      let filter = finding.displayFilter.map { "\n  \($0)" } ?? ""
      return style.paint("\(finding.severity.name):", tone(of: finding.severity))
        + " \(finding.message) [\(qualities.joined(separator: "; "))]\(filter)\n"
    }.joined()
  }

  /// The catalogue, a line a kind.
  public static func catalogue(_ style: TextStyle) -> String {
    var table = TextTable(columns: [
      .init("finding"), .init("severity"), .init("what it is", isElidable: true),
    ])
    for rule in FindingCatalogue.rules {
      table.append([
        .init(rule.id), .init(rule.severity.name, tone(of: rule.severity)), .init(rule.title),
      ])
    }
    return table.render(style)
  }

  /// One kind: its condition, its advice, and what it rests on.
  public static func explanation(of rule: FindingRule, _ style: TextStyle) -> String {
    var paragraphs = [
      style.paint(rule.id, .heading) + " (\(rule.severity.name)): \(rule.title)",
      "When: \(rule.condition)", "What to do: \(rule.advice)",
    ]
    if !rule.references.isEmpty {
      paragraphs.append("See \(rule.references.joined(separator: ", ")).")
    }
    return style.wrap(paragraphs.joined(separator: "\n\n") + "\n")
  }

  private static func tone(of severity: Finding.Severity) -> TextStyle.Tone {
    switch severity {
    case .note: .faint
    case .warning: .warning
    case .error: .bad
    }
  }
}
