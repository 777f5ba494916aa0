public import ArgumentParser
public import FlowAnalysis
public import FlowReports
import FoundationEssentials
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

  @Option(
    help: ArgumentHelp(
      """
      How many threads there are, which shows in no result: several captures are read at the same time; of one \
      alone, ndjson and csv are written by a thread of their own, and it is decoded by another. (default: the \
      number of cores)
      """, valueName: "number"))
  var jobs: Int?

  @OptionGroup var limits: LimitOptions

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
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
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
      let output = OrderedOutput(to: file?.stream ?? .standardOutput)
      let captures = try analyze(into: output)
      if let failure = output.failure { throw failure }
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

  private func analyze(into results: OrderedOutput) throws -> [TraceSummary] {
    let isTerminal = output == nil && Terminal.isOutput
    let style = TextStyle(
      columns: isTerminal ? Terminal.columns : nil,
      usesColor: isTerminal && Terminal.wantsColor, limit: limit,
      namesCaptures: input.files.count > 1)
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let threadsPerCapture = jobs / input.files.count
    // To write all takes longer than to read and to decode it.
    let writesBeside = format.tellsEveryConnection && threadsPerCapture >= 2
    let reading = CaptureReading(
      filter: input.filter, limits: limits.limits, showsProgress: Terminal.isError && !input.quiet,
      usesTwoThreads: threadsPerCapture >= (writesBeside ? 3 : 2))
    let run = AnalysisRun(
      of: input.files, reading, format, style, labelsFrames: frames, writesBeside: writesBeside,
      to: results)
    do throws(CaptureError) {
      return try run.run(jobs: jobs)
    } catch {
      throw ValidationError(error.description)
    }
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
