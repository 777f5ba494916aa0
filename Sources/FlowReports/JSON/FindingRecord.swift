package import FlowAnalysis

// A finding within the record of its connection. The order of the keys is part of the format.
extension JSONWriter {
  package mutating func finding(_ finding: Finding) {
    object {
      $0.key("id")
      $0.string(finding.rule.id)
      $0.key("severity")
      $0.word(finding.severity.name)
      $0.key("certainty")
      $0.word(finding.certainty.name)
      $0.key("blame")
      $0.word(finding.blame.name)
      $0.flag("censored", finding.isCensored)
      $0.key("frames")
      $0.array { for frame in finding.frames { $0.integer(frame) } }
      if let filter = finding.displayFilter {
        $0.key("filter")
        $0.string(filter)
      }
      $0.key("message")
      $0.string(finding.message)
    }
  }
}
