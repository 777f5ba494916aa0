import FlowAnalysis
import PacketParser
import TraceScript

/// Holds the findings of a script's connections against what its lines say: each stands on the line
/// of the last frame that proves it.
struct FindingCheck {
  private(set) var outcome = ScriptOutcome()

  /// Where a capture begins and ends is said of nearly all scripts, and expected of few.
  private static let places: Set = ["midstream-start", "ends-after-capture"]

  /// Holds a script; `id` is a finding that it must not show, be it the capture's beginning or end.
  init(_ text: String, misses id: String? = nil) throws {
    let script = try Script(text)
    let expected = script.lines.flatMap(\.expectedFindings).map(\.id) + (id.map { [$0] } ?? [])
    let found = Analysis(script.frames).connections.flatMap(\.findings).filter {
      !Self.places.contains($0.rule.id) || expected.contains($0.rule.id)
    }
    for line in script.lines {
      let findings = found.filter {
        $0.frames.last != nil && $0.frames.last == line.frame?.segment.frame
      }
      outcome.add(
        line, expected: line.expectedFindings.map(\.text),
        found: findings.map { Self.text(of: $0, beside: line) })
      for case .fact(let name) in line.expectations {
        outcome.addProblem("line \(line.number) expects \(name), which is no finding")
      }
    }
    for finding in found where finding.frames.isEmpty {
      outcome.addProblem("\(finding.rule.id) names no frame")
    }
  }

  /// A finding as a script writes it; whoever is to blame is told where the line says so too, or does
  /// not expect it at all.
  private static func text(of finding: Finding, beside line: ScriptLine) -> String {
    let isUsual = finding.severity == finding.rule.severity
    let expected = line.expectedFindings.first { $0.id == finding.rule.id }
    return ExpectedFinding(
      id: finding.rule.id, severity: isUsual ? nil : finding.severity.name,
      blame: expected != nil && expected?.blame == nil ? nil : finding.blame.name
    ).text
  }
}

/// What a line of a script says of a finding.
private struct ExpectedFinding {
  var id: String
  var severity: String?
  var blame: String?

  var text: String {
    [id, severity, blame.map { "by \($0)" }].compactMap(\.self).joined(separator: " ")
  }
}

extension ScriptLine {
  fileprivate var expectedFindings: [ExpectedFinding] {
    expectations.compactMap { expectation in
      guard case .finding(let id, let severity, let blame) = expectation else { return nil }
      return ExpectedFinding(id: id, severity: severity, blame: blame)
    }
  }
}
