public import ArgumentParser
import FlowAnalysis
import FlowReports
import PacketCapture
import PacketParser
public import TraceChecks

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "What differs between two captures, connection by connection.",
    discussion: """
      Two captures of the same scenario, before and after a change: connections correspond by server, \
      port, client and order. Or two captures of the same traffic at two points of its path: then also \
      which segments were lost, duplicated, reordered, delayed or altered between them.

      Exit status: 0 nothing differs, 1 something does, 2 a capture could not be read or only in part, \
      3 nothing differs in what was compared, but some was beyond the limits, \
      64 wrong usage.
      """)

  @Argument(
    help: "A capture: pcap or pcapng, also .gz and .zst; - is standard input.", completion: .file())
  var a: String

  @Argument(help: "Another one.", completion: .file())
  var b: String

  @Flag(
    inversion: .prefixedNo,
    help: """
      They hold the same traffic, captured at two points. (default: if a segment with the same sequence \
      number goes between the same ends in both)
      """)
  var sameTraffic: Bool?

  @Option(
    help: ArgumentHelp(
      "Times differ when they are farther apart than this: a share of the smaller one, a time, or both.",
      valueName: "percent,time"))
  var tolerance = Tolerance()

  @Option(
    help: ArgumentHelp(
      "How to write it: "
        + ComparisonFormat.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")
        + ".",
      valueName: "format"))
  var format = ComparisonFormat.text

  @Option(
    name: [.customShort("f"), .customLong("filter")],
    help: ArgumentHelp(
      "Look only at frames that match this filter, in the language of pcap-filter(7).",
      valueName: "BPF"))
  var filter: String?

  @Option(help: "How many connections that differ the text shows.")
  var limit = 1000

  @Option(
    help: ArgumentHelp(
      "Keep so many segments of each capture at most, the first ones; each takes some 150 bytes.",
      valueName: "number"))
  var maxSegments = ComparisonLimits().segments

  @Option(
    help: ArgumentHelp(
      "Keep so many connections of each capture at most, the first that end.", valueName: "number"))
  var maxConnections = ComparisonLimits().connections

  @Flag(help: "No progress on the terminal.")
  var quiet = false

  func validate() throws {
    guard a != "-" || b != "-" else {
      throw ValidationError("Only one of the captures can be standard input.")
    }
    guard limit >= 0 else { throw ValidationError("--limit cannot be negative.") }
    guard maxSegments > 0, maxConnections > 0 else {
      throw ValidationError("--max-segments and --max-connections must be at least 1.")
    }
  }

  func run() throws {
    do {
      let (one, other) = (try read(a), try read(b))
      let failures = [one, other].compactMap { $0.summary?.error }
      for failure in failures { Diagnostics.error(failure) }
      // Where one could not be opened or decoded at all, there is nothing to compare.
      guard isReadable(one), isReadable(other) else { throw ExitStatus.unreadableInput.code }
      let comparison = Comparison(one, other, mode: mode, tolerance: tolerance)
      try write(comparison)
      if !failures.isEmpty { throw ExitStatus.unreadableInput.code }
      if comparison.hasDifferences { throw ExitStatus.differences.code }
      if !comparison.isWhole { throw ExitStatus.undetermined.code }
    } catch let failure as OutputStream.Failure {
      if case .brokenPipe = failure { throw ExitCode.success }
      Diagnostics.error(failure)
      throw ExitStatus.unwritableOutput.code
    }
  }

  private var mode: Comparison.Mode? {
    sameTraffic.map { $0 ? .sameTraffic : .beforeAndAfter }
  }

  private func read(_ path: String) throws -> CaptureRecording {
    let recording = CaptureRecording(
      named: path,
      limits: ComparisonLimits(connections: maxConnections, segments: maxSegments))
    let reading = CaptureReading(filter: filter, showsProgress: Terminal.isError && !quiet)
    var sink: any AnalysisSink = recording
    do throws(CaptureError) {
      _ = try reading.analyze(
        path, labelsFrames: false, measuresRoundTrips: true, segments: recording, into: &sink,
        isCancelled: { false })
    } catch {
      throw ValidationError(error.description)
    }
    return recording
  }

  private func isReadable(_ recording: CaptureRecording) -> Bool {
    guard let summary = recording.summary, summary.linkType != nil else { return false }
    return summary.framesByFate[Int(FrameFate.unsupportedLink.rawValue)] == 0
  }

  private func write(_ comparison: Comparison) throws {
    let output = ReportOutput { try OutputStream.standardOutput.write($0) }
    let style = TextStyle(
      columns: Terminal.isOutput ? Terminal.columns : nil,
      usesColor: Terminal.isOutput && Terminal.wantsColor, limit: limit)
    format.write(comparison, to: output, style: style)
    output.flush()
    if let failure = output.failure { throw failure }
  }
}

extension ComparisonFormat: ExpressibleByArgument {}

extension Tolerance: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String { "25%,10ms" }
}
