public import ArgumentParser
import FlowAnalysis
public import FlowReports
import PacketCapture
import PacketParser

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "The story of one connection, segment by segment; or one frame, field by field.",
    discussion: """
      The states of both ends stand beside the segments, and below them what the connection comes \
      to. Long transfers are folded.
      """)

  @Argument(help: "A capture; - is standard input.", completion: .file())
  var file: String

  @Argument(
    help: """
      The number of the connection, as 'synfin FILE' has it. Without it, the only connection is \
      shown, or the list of them.
      """)
  var connection: Int?

  @Option(help: ArgumentHelp("Show the segments from this frame on.", valueName: "frame"))
  var from: Int?

  @Option(help: ArgumentHelp("Show the segments up to this frame.", valueName: "frame"))
  var to: Int?

  @Flag(help: "Fold nothing.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "How to write it: "
        + LadderFormat.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")
        + ".",
      valueName: "format"))
  var format: LadderFormat?

  @Option(
    help: ArgumentHelp(
      "Show this frame instead, field by field, and what it means where it stands.",
      valueName: "number"))
  var frame: Int?

  @Flag(help: "No progress on the terminal.")
  var quiet = false

  func validate() throws {
    if let connection, connection < 1 {
      throw ValidationError("Connections are numbered from 1.")
    }
    for number in [frame, from, to].compactMap({ $0 }) where number < 1 {
      throw ValidationError("Frames are numbered from 1.")
    }
    if let from, let to, from > to { throw ValidationError("--from is behind --to.") }
    if frame != nil, connection != nil || from != nil || to != nil || all || format != nil {
      throw ValidationError(
        "--frame shows a single frame, as text: it goes with no connection and no other option.")
    }
  }

  func run() throws {
    do {
      if let frame { try show(frame: frame) } else { try showLadder() }
    } catch let failure as OutputStream.Failure {
      if case .brokenPipe = failure { throw ExitCode.success }
      Diagnostics.error(failure)
      throw ExitStatus.unwritableOutput.code
    }
  }

  // MARK: - A connection

  private func showLadder() throws {
    let output = ReportOutput { try OutputStream.standardOutput.write($0) }
    let style = TextStyle(
      columns: Terminal.isOutput ? Terminal.columns : nil,
      usesColor: Terminal.isOutput && Terminal.wantsColor)
    let story = StorySink(
      connection, list: TextReport(to: output, style: style), listsConnections: format == nil)
    let range = from == nil && to == nil ? nil : (from ?? 1)...(to ?? .max)
    let request = LadderRequest(connection: connection ?? 1, frames: range, unfolds: all)
    let reading = CaptureReading(filter: nil, showsProgress: Terminal.isError && !quiet)
    var sink: any AnalysisSink = story
    let summary = try reading.analyze(
      file, labelsFrames: format == .json, measuresRoundTrips: true, ladder: request, into: &sink,
      isCancelled: { connection != nil && story.report != nil })
    if let error = summary.error { Diagnostics.error(error) }

    if let report = story.report, connection != nil || summary.connections == 1,
      let ladder = Ladder(report, isWhole: summary.error == nil)
    {
      output.write((format ?? .text).render(ladder, capture: file, style: style))
    }
    output.flush()
    if let failure = output.failure { throw failure }
    if summary.error != nil { throw ExitStatus.unreadableInput.code }
    try checkChoice(summary)
  }

  /// Says how to choose a connection, where none was or one that is not there.
  private func checkChoice(_ summary: TraceSummary) throws {
    let count = summary.connections
    if let connection {
      guard connection > count else { return }
      let range = count == 0 ? "none" : count == 1 ? "1" : "1 to \(count)"
      throw ValidationError("'\(file)' has no connection \(connection): it has \(range).")
    }
    guard count > 1 else {
      if count == 0, format != nil { throw ValidationError("'\(file)' has no connection.") }
      return
    }
    let hint = "'synfin show \(file) N' tells the story of one of them"
    guard format == nil else {
      throw ValidationError("'\(file)' has \(count) connections; name one by its number.")
    }
    Diagnostics.hint(hint)
  }

  // MARK: - A frame

  private func show(frame number: Int) throws {
    do {
      let inspection = try inspect(number)
      let style = TextStyle(usesColor: Terminal.isOutput && Terminal.wantsColor)
      try OutputStream.standardOutput.write(
        Array(FrameText(inspection, style: style).render().utf8))
    } catch let failure as OutputStream.Failure {
      throw failure
    } catch {
      Diagnostics.error("\(error)")
      throw ExitStatus.unreadableInput.code
    }
  }

  private func inspect(_ number: Int) throws -> FrameInspection {
    var capture = try CaptureFile(path: file)
    guard let linkType = LinkType(number: capture.linkTypeNumber) else {
      throw UnsupportedLinkType(capture)
    }
    var receiver = InspectingReceiver(FrameInspector(frame: number, linkType: linkType))
    try capture.forEachFrame(&receiver)
    guard let inspection = receiver.inspector.inspection else {
      throw MissingFrame(path: file, number: number, count: capture.framesRead)
    }
    return inspection
  }
}

extension LadderFormat: ExpressibleByArgument {}

/// Keeps the connection that is to be told, and lists them all where none was chosen and there are
/// several.
private final class StorySink: AnalysisSink {
  private(set) var report: ConnectionReport?
  private let number: Int?
  private var list: TextReport
  private let listsConnections: Bool

  init(_ number: Int?, list: TextReport, listsConnections: Bool) {
    self.number = number
    self.list = list
    self.listsConnections = number == nil && listsConnections
  }

  func connectionEnded(_ report: ConnectionReport) {
    if report.number == number ?? 1 { self.report = report }
    if listsConnections { list.connectionEnded(report) }
  }

  func captureEnded(_ summary: TraceSummary) {
    if listsConnections, summary.connections != 1 { list.captureEnded(summary) }
  }
}

private struct InspectingReceiver: FrameReceiver, ~Copyable {
  var inspector: FrameInspector

  init(_ inspector: consuming FrameInspector) {
    self.inspector = inspector
  }

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    inspector.ingest(frame, info) ? .stop : .next
  }
}

/// The capture ends before the frame that is asked for.
private struct MissingFrame: Error, CustomStringConvertible {
  var path: String
  var number: Int
  var count: Int

  var description: String {
    "'\(path)' has no frame \(number): it has \(count) frame\(count == 1 ? "" : "s")"
  }
}
