public import ArgumentParser
public import FlowReports
import PacketCapture

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Every connection of a capture: how it was opened, how it was closed.")

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "How to write it: "
        + ReportFormat.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")
        + ".",
      valueName: "format"))
  var format = ReportFormat.text

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write to this file.", valueName: "path"),
    completion: .file())
  var output: String?

  @Option(help: "How many connections the text table shows.")
  var limit = 1000

  @Flag(help: "Say of each remarkable frame what is remarkable (ndjson).")
  var frames = false

  func validate() throws {
    guard !input.files.isEmpty else { throw ValidationError("Name at least one capture.") }
    guard limit >= 0 else { throw ValidationError("--limit cannot be negative.") }
  }

  func run() throws {
    let stream = try output.map { try OutputStream(path: $0) } ?? .standardOutput
    let report = ReportOutput { try stream.write($0) }
    let isTerminal = output == nil && Terminal.isOutput
    let style = TextStyle(
      columns: isTerminal ? Terminal.columns : nil,
      usesColor: isTerminal && Terminal.wantsColor, limit: limit)
    let reading = CaptureReading(
      filter: input.filter, showsProgress: Terminal.isError && !input.quiet)

    var allRead = true
    for (index, path) in input.files.enumerated() {
      if format == .text, input.files.count > 1 {
        report.write((index > 0 ? "\n" : "") + path + "\n")
      }
      var sink = format.sink(to: report, capture: path, style: style)
      do {
        let read = try reading.analyze(
          path, labelsFrames: frames, into: &sink, isCancelled: { report.failure != nil })
        allRead = allRead && read
      } catch {
        throw ValidationError(error.description)
      }
      if report.failure != nil { break }
    }
    report.flush()
    try finish(report.failure)
    if !allRead { throw ExitStatus.unreadableInput.code }
  }

  private func finish(_ failure: (any Error)?) throws {
    guard let failure else { return }
    // Whoever read our output has gone, which is their right.
    if case .brokenPipe = failure as? OutputStream.Failure { throw ExitCode.success }
    throw failure
  }
}

extension ReportFormat: ExpressibleByArgument {}
