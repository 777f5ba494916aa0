public import ArgumentParser
public import FlowAnalysis
public import FlowReports
import PacketCapture

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract:
      "Every connection of a capture: how it was opened, how it was closed, what went wrong.")

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "How to write it: "
        + ReportFormat.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")
        + ".",
      valueName: "format"))
  var format = ReportFormat.text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to this file. It takes its name when it is complete.", valueName: "path"),
    completion: .file())
  var output: String?

  @Option(help: "How many connections the text table shows.")
  var limit = 1000

  @Option(
    help: ArgumentHelp(
      "Fail with exit status 1 when there is a finding of this severity or worse: "
        + Finding.Severity.allCases.map(\.name).joined(separator: ", ") + ".",
      valueName: "severity"))
  var failOn: Finding.Severity?

  @Flag(help: "Say of each remarkable frame what is remarkable (ndjson).")
  var frames = false

  func validate() throws {
    guard !input.files.isEmpty else { throw ValidationError("Name at least one capture.") }
    guard limit >= 0 else { throw ValidationError("--limit cannot be negative.") }
    guard !frames || format == .ndjson else {
      throw ValidationError("--frames needs --format ndjson.")
    }
    guard let output else { return }
    for path in input.files where OutputFile.isSame(output, asInput: path) {
      throw ValidationError("--output would overwrite a capture that is to be read: '\(path)'.")
    }
  }

  func run() throws {
    do {
      let file = try output.map { try OutputFile(path: $0) }
      let stream = file?.stream ?? .standardOutput
      let report = ReportOutput { try stream.write($0) }
      defer { report.flush() }
      let captures = try analyze(into: report)
      report.flush()
      if let failure = report.failure { throw failure }
      // Where nothing could be opened, the results of an earlier run are worth more.
      if captures.contains(where: { $0.linkType != nil }) { try file?.keep() }
      if captures.contains(where: { $0.error != nil }) { throw ExitStatus.unreadableInput.code }
      if let failOn, captures.contains(where: { $0.findings.reach(failOn) }) {
        throw ExitStatus.findings.code
      }
    } catch let failure as OutputStream.Failure {
      // Whoever read our output has gone, which is their right.
      if case .brokenPipe = failure { throw ExitCode.success }
      Diagnostics.error(failure)
      throw ExitStatus.unwritableOutput.code
    }
  }

  private func analyze(into report: ReportOutput) throws -> [TraceSummary] {
    let isTerminal = output == nil && Terminal.isOutput
    let style = TextStyle(
      columns: isTerminal ? Terminal.columns : nil,
      usesColor: isTerminal && Terminal.wantsColor, limit: limit,
      namesCaptures: input.files.count > 1)
    let reading = CaptureReading(
      filter: input.filter, showsProgress: Terminal.isError && !input.quiet)

    var captures: [TraceSummary] = []
    for path in input.files {
      var sink = format.sink(to: report, capture: path, style: style)
      do {
        captures.append(
          try reading.analyze(
            path, labelsFrames: frames, measuresRoundTrips: format.tellsRoundTrips, into: &sink,
            isCancelled: { report.failure != nil }))
      } catch {
        // A filter that no capture has taken is wrong usage; one that does not suit the link type of
        // another capture is that capture's trouble.
        guard captures.contains(where: { $0.linkType != nil }) else {
          throw ValidationError(error.description)
        }
        captures.append(reading.giveUp(path, "'\(path)': \(error)", &sink))
      }
      if report.failure != nil { break }
    }
    if captures.count > 1 { format.writeTotals(of: captures, to: report, style: style) }
    return captures
  }
}

extension ReportFormat: ExpressibleByArgument {}

extension Finding.Severity: ExpressibleByArgument {
  public init?(argument: String) {
    guard let severity = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = severity
  }

  public static var allValueStrings: [String] { allCases.map(\.name) }
}
