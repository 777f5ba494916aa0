package import FlowAnalysis

// A finding within the record of its connection. The order of the keys is part of the format.
extension JSONWriter {
  package mutating func finding(_ finding: Finding) {
    object { $0.fields(of: finding) }
  }

  /// What every finding begins with, be it of one connection or of many.
  mutating func judgement(
    _ rule: FindingRule, _ severity: Finding.Severity, _ certainty: Finding.Certainty,
    blame: String
  ) {
    key("id")
    string(rule.id)
    key("severity")
    word(severity.name)
    key("certainty")
    word(certainty.name)
    key("blame")
    word(blame)
  }

  mutating func fields(of finding: Finding) {
    judgement(finding.rule, finding.severity, finding.certainty, blame: finding.blame.name)
    flag("censored", finding.isCensored)
    key("frames")
    array { for frame in finding.frames { $0.integer(frame) } }
    if let filter = finding.displayFilter {
      key("filter")
      string(filter)
    }
    key("message")
    string(finding.message)
  }
}
