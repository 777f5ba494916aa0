package import FlowAnalysis

// A finding within the record of its connection. The order of the keys is part of the format.
extension JSONWriter {
  package mutating func finding(_ finding: Finding) {
    object { $0.fields(of: finding) }
  }

  mutating func fields(of finding: Finding) {
    key("id")
    string(finding.rule.id)
    key("severity")
    word(finding.severity.name)
    key("certainty")
    word(finding.certainty.name)
    key("blame")
    word(finding.blame.name)
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
