import FlowReports
import Testing

/// What a collector demands of the text, as `promtool check metrics` and the parsers of Prometheus do.
struct MetricsGrammar {
  struct Sample {
    /// Name and labels, as they are written.
    var series: String
    var name: String
    var labels: [String: String]
    var value: Double
  }

  struct Violation: Error, CustomStringConvertible {
    var description: String
  }

  private struct Family {
    var name: Substring
    var kind: Substring = ""
    var words: Set<Substring> = []
    var samples: [Sample] = []
  }

  /// The samples of a text that keeps all rules.
  static func samples(_ text: String, _ format: MetricsFormat) throws -> [Sample] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    try demand(lines.popLast() == "", "the last line has no end")
    if format == .openMetrics { try demand(lines.popLast() == "# EOF", "no EOF") }
    var families: [Family] = []
    for line in lines {
      if let comment = line.wholeMatch(of: /# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/) {
        let (_, word, name, rest) = comment.output
        if families.last?.name != name { families.append(Family(name: name)) }
        let last = families.count - 1
        try demand(families[last].samples.isEmpty, "\(word) after samples of \(name)")
        try demand(families[last].words.insert(word).inserted, "two \(word) of \(name)")
        if word == "TYPE" { families[last].kind = rest }
        if word == "UNIT" { try demand(name.hasSuffix("_\(rest)"), "\(name) has another unit") }
        if word == "HELP" {
          try demand(rest.wholeMatch(of: /([^\\]|\\\\|\\n|\\")+/) != nil, "escape in \(line)")
        }
      } else {
        try demand(!families.isEmpty, "a sample before any family")
        families[families.count - 1].samples.append(try sample(line))
      }
    }
    try demand(Set(families.map(\.name)).count == families.count, "a family comes twice")
    for family in families { try check(family, format) }
    return families.flatMap(\.samples)
  }

  private static func sample(_ line: Substring) throws -> Sample {
    let pattern = /(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?) ([^ ]+)/
    guard let match = line.wholeMatch(of: pattern), let value = Double(match.4) else {
      throw Violation(description: "no sample: \(line)")
    }
    var labels: [String: String] = [:]
    var rest = match.3 ?? ""
    while let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/)
    {
      let name = String(label.1)
      try demand(labels.updateValue(String(label.2), forKey: name) == nil, "two labels \(name)")
      rest = rest[label.range.upperBound...]
    }
    try demand(rest.isEmpty, "no label: \(rest)")
    return Sample(series: String(match.1), name: String(match.2), labels: labels, value: value)
  }

  private static func check(_ family: Family, _ format: MetricsFormat) throws {
    let name = family.name
    try demand(name.hasPrefix("synfin_"), "\(name) could be anybody's")
    try demand(name.wholeMatch(of: /[a-z_]+/) != nil, "\(name) is not in lower case")
    try demand(family.words.isSuperset(of: ["HELP", "TYPE"]), "\(name) is not explained")
    try demand(!family.samples.isEmpty, "\(name) has no samples")
    let allowed: [String]
    switch (family.kind, format) {
    case ("counter", .prometheus):
      try demand(name.hasSuffix("_total"), "\(name) is a counter")
      allowed = ["\(name)"]
    case ("counter", .openMetrics): allowed = ["\(name)_total"]
    case ("info", .openMetrics): allowed = ["\(name)_info"]
    case ("gauge", _): allowed = ["\(name)"]
    case ("histogram", _): allowed = ["_bucket", "_sum", "_count"].map { "\(name)\($0)" }
    default: throw Violation(description: "\(name) is of kind \(family.kind)")
    }
    if family.kind != "counter" { try demand(!name.hasSuffix("_total"), "\(name) is no counter") }
    for sample in family.samples {
      try demand(allowed.contains(sample.name), "\(sample.name) among \(name)")
      try demand(sample.value >= 0, "\(sample.series) is negative")
      let hasBound = sample.labels["le"] != nil
      try demand(hasBound == sample.name.hasSuffix("_bucket"), "le at \(sample.series)")
    }
    if family.kind == "histogram" { try checkHistograms(family) }
  }

  private static func checkHistograms(_ family: Family) throws {
    let sides = Set(family.samples.compactMap { $0.labels["side"] })
    try demand(sides.count == 2, "\(family.name) is of both sides")
    for side in sides {
      let samples = family.samples.filter { $0.labels["side"] == side }
      let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
      let bounds = buckets.compactMap { $0.labels["le"].flatMap { Double($0) } }
      try demand(bounds.count == buckets.count, "a bound that is no number")
      try demand(bounds == bounds.sorted() && Set(bounds).count == bounds.count, "bounds rise")
      try demand(buckets.last?.labels["le"] == "+Inf", "no bucket for everything")
      let counts = buckets.map(\.value)
      try demand(counts == counts.sorted(), "buckets hold what is in those before")
      let count = samples.first { $0.name.hasSuffix("_count") }?.value
      try demand(count != nil && count == counts.last, "the count is that of the last bucket")
      try demand(samples.count { $0.name.hasSuffix("_sum") } == 1, "no sum")
    }
  }

  private static func demand(_ isTrue: Bool, _ otherwise: String) throws {
    if !isTrue { throw Violation(description: otherwise) }
  }
}
