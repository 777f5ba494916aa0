/// Metrics in one of the formats, family by family.
///
/// In OpenMetrics the name of a family of counters is without `_total` and a unit is told by a line; in the
/// text format of Prometheus each family has the name of its samples.
struct MetricsWriter: ~Copyable {
  enum Kind: String {
    case counter, gauge, histogram, info
  }

  enum Unit: String {
    case seconds, bytes
  }

  enum Value {
    case count(Int)
    /// A duration or a time since 1970, in seconds.
    case seconds(nanoseconds: Int64)
  }

  private var text = RecordText()
  private let format: MetricsFormat
  private var name = ""
  private var suffix = ""

  init(_ format: MetricsFormat) {
    self.format = format
  }

  /// Begins a family, of which samples follow.
  mutating func family(_ name: String, _ kind: Kind, unit: Unit? = nil, _ help: String) {
    self.name = name
    let suffix =
      switch kind {
      case .counter: "_total"
      case .info: "_info"
      case .gauge, .histogram: ""
      }
    self.suffix = suffix
    switch format {
    case .prometheus:
      // It knows no kind for what only has labels.
      comment("HELP", suffix, escaped(help, quotes: false))
      comment("TYPE", suffix, kind == .info ? Kind.gauge.rawValue : kind.rawValue)
    case .openMetrics:
      comment("HELP", "", escaped(help, quotes: true))
      comment("TYPE", "", kind.rawValue)
      if let unit { comment("UNIT", "", unit.rawValue) }
    }
  }

  mutating func sample(_ value: Value) {
    line(suffix, [:], value)
  }

  mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: Value) {
    line(suffix, labels, value)
  }

  /// The samples of one histogram, with buckets that hold what is in those before too.
  mutating func histogram(_ label: (name: String, value: String), _ histogram: DurationHistogram) {
    var sum = 0
    for (index, count) in histogram.counts.enumerated() {
      sum += count
      var bound = "+Inf"
      if index < DurationHistogram.bounds.count {
        var text = RecordText()
        text.append(secondsOf: DurationHistogram.bounds[index])
        bound = String(decoding: text.bytes, as: UTF8.self)
      }
      line("_bucket", [label.name: label.value, "le": bound], .count(sum))
    }
    line("_sum", [label.name: label.value], .seconds(nanoseconds: histogram.totalNanoseconds))
    line("_count", [label.name: label.value], .count(sum))
  }

  /// Everything that was written.
  consuming func finish() -> [UInt8] {
    if format == .openMetrics { text.append("# EOF\n") }
    return text.bytes
  }

  // MARK: - Pieces

  private mutating func comment(_ word: String, _ suffix: String, _ rest: String) {
    text.append("# \(word) \(name)\(suffix) \(rest)\n")
  }

  private mutating func line(
    _ suffix: String, _ labels: KeyValuePairs<String, String>, _ value: Value
  ) {
    text.append(name)
    text.append(suffix)
    if !labels.isEmpty {
      let list = labels.map { "\($0)=\"\(escaped($1, quotes: true))\"" }
      text.append("{\(list.joined(separator: ","))}")
    }
    text.append(" ")
    switch value {
    case .count(let count): text.append("\(count)")
    case .seconds(let nanoseconds): text.append(secondsOf: nanoseconds)
    }
    text.append("\n")
  }

  private func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
