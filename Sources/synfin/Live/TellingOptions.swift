import ArgumentParser
import FlowAnalysis
import MetricsServer

/// What is told of a capture that is running, and where.
struct TellingOptions: ParsableArguments {
  /// How events are written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case ndjson
  }

  @Option(
    help: ArgumentHelp(
      "How to write events: text, a line each; ndjson, a JSON object each, the last one the summary.",
      valueName: "format"))
  var format = Format.text

  @Flag(help: "Write a line for each event on a terminal too.")
  var lines = false

  @Option(
    help: ArgumentHelp(
      "Tell the statistics of the capture every so often, as 10s or 5m.", valueName: "time"))
  var stats: Period?

  @Option(
    help: ArgumentHelp(
      "Serve metrics for Prometheus at http://ADDRESS:PORT/metrics, and /healthz; a port alone is served to this host only.",
      valueName: "address:port"))
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Fail with exit status 1 when there was a finding of this severity or worse: "
        + Finding.Severity.allCases.map(\.name).joined(separator: ", ") + ".",
      valueName: "severity"))
  var failOn: Finding.Severity?

  func validate() throws {
    if let metrics, metricsAddress == nil {
      throw ValidationError(
        "--metrics takes a port or ADDRESS:PORT, as 9100, 127.0.0.1:9100 or [::1]:9100, not '\(metrics)'."
      )
    }
    if lines, format != .text { throw ValidationError("--lines goes with --format text.") }
  }

  var metricsAddress: MetricsAddress? { metrics.flatMap { MetricsAddress($0) } }

  @Flag(help: "No remarks on standard error but errors.")
  var quiet = false
}

/// A time as people write it: `500ms`, `30s`, `30`, `5m`, `2h`.
struct Period: ExpressibleByArgument {
  let nanoseconds: Int64

  init?(argument: String) {
    let units: [(String, Int64)] = [
      ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]
    let unit = units.first { argument.hasSuffix($0.0) } ?? ("", 1_000_000_000)
    guard let number = Double(argument.dropLast(unit.0.count)), number > 0,
      number * Double(unit.1) < 1e18
    else { return nil }
    nanoseconds = Int64(number * Double(unit.1))
  }

  var seconds: Double { Double(nanoseconds) / 1e9 }
}
