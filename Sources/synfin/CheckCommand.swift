public import ArgumentParser
import FlowAnalysis
import FlowReports
import FoundationEssentials
import TraceChecks

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Whether captures are as written expectations say.",
    discussion: """
      Each expectation passes, fails, or is undetermined, where the capture cannot decide. Exit status: \
      0 nothing fails, 1 something does, 2 a capture or a file of expectations could not be read, \
      3 something is undetermined and --strict was given.
      """)

  @Argument(
    help: """
      Captures, files of expectations, or folders, in which every expect.yml and *.expect.yml is taken with \
      the captures beside it.
      """, completion: .file())
  var paths: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Hold all captures against this file, instead of the one beside each.", valueName: "file"),
    completion: .file())
  var expect: String?

  @Flag(help: "What the captures cannot decide is a failure too (exit status 3).")
  var strict = false

  @Flag(help: "Tell what holds too.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "How to write it: "
        + CheckFormat.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")
        + ".",
      valueName: "format"))
  var format = CheckFormat.text

  @Option(
    help: ArgumentHelp("Write JUnit XML to this file too.", valueName: "path"),
    completion: .file())
  var junit: String?

  @Option(
    help: ArgumentHelp("Write SARIF 2.1.0 to this file too.", valueName: "path"),
    completion: .file())
  var sarif: String?

  @Option(
    help: ArgumentHelp(
      "Fail on findings at warning or above that this file does not accept, and tell which have vanished.",
      valueName: "path"),
    completion: .file())
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Write what is found to this file, to be accepted from now on.", valueName: "path"),
    completion: .file())
  var writeBaseline: String?

  @Option(
    help: ArgumentHelp(
      "Check nothing, but write to this file what the capture shows, as expectations; - is standard output.",
      valueName: "path"),
    completion: .file())
  var record: String?

  @Flag(help: "List everything that can be expected.")
  var explain = false

  @Flag(help: "Write the JSON Schema of files of expectations, for editors.")
  var schema = false

  @Flag(
    inversion: .prefixedNo,
    help: "Write annotations of GitHub Actions too. (default: where GITHUB_ACTIONS is set)")
  var annotations: Bool?

  @Option(
    help: ArgumentHelp(
      "How many captures are read at the same time, which shows in no result. (default: the number of cores)",
      valueName: "number"))
  var jobs: Int?

  @OptionGroup var limits: LimitOptions

  func validate() throws {
    if explain || schema { return }
    if record != nil {
      guard paths.count == 1, expect == nil, baseline == nil, writeBaseline == nil else {
        throw ValidationError("--record takes one capture and nothing to hold it against.")
      }
    }
    guard !paths.isEmpty || expect != nil else {
      throw ValidationError("Name captures, files of expectations or a folder.")
    }
    for path in [junit, sarif, writeBaseline] where path == "-" {
      throw ValidationError("Only --record and the verdicts themselves go to standard output.")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
  }

  func run() throws {
    do {
      if explain || schema {
        let text = schema ? ExpectationsSchema.text : FieldsText.render(style: style)
        try OutputStream.standardOutput.write(Array(text.utf8))
      } else if let record {
        try write(expectationsOf: paths[0], to: record)
      } else {
        try check()
      }
    } catch let failure as OutputStream.Failure {
      if case .brokenPipe = failure { throw ExitCode.success }
      Diagnostics.error(failure)
      throw ExitStatus.unwritableOutput.code
    }
  }

  private var style: TextStyle {
    TextStyle(
      columns: Terminal.isOutput ? Terminal.columns : nil,
      usesColor: Terminal.isOutput && Terminal.wantsColor)
  }

  /// As much as the terminal has room for behind the indentation; elsewhere what is easily read.
  private var ladderColumns: Int { (style.columns ?? 106) - 6 }

  private func check() throws {
    let baseline = try baseline.map { try readBaseline($0) }
    let plan = CheckPlan(
      paths, expectations: expect,
      mayLackExpectations: baseline != nil || writeBaseline != nil)
    for error in plan.errors { Diagnostics.error(error) }
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let baselineFile = self.baseline ?? writeBaseline
    let baselineName: (@Sendable (String) -> String)? = baselineFile.map { file in
      { @Sendable capture in CaptureName.of(capture, besides: file) }
    }
    let run = CheckRun(
      plan.items, limits: limits.limits, against: baseline, baselineName: baselineName,
      ladderColumns: format == .text || junit != nil ? ladderColumns : nil, jobs: jobs)
    let captures = run.run()
    for error in captures.compactMap(\.error) { Diagnostics.error(error) }
    if !plan.items.isEmpty { try write(captures) }
    if let writeBaseline {
      // What could not be read would be missing in it.
      let isWhole = plan.errors.isEmpty && captures.allSatisfy { $0.error == nil }
      if isWhole { try write(run.found.text, to: writeBaseline) }
    }
    if !plan.errors.isEmpty || captures.contains(where: { $0.error != nil }) {
      throw ExitStatus.unreadableInput.code
    }
    let verdict = captures.map(\.verdict).max() ?? .pass
    if verdict == .fail { throw ExitStatus.findings.code }
    if verdict == .undetermined, strict { throw ExitStatus.undetermined.code }
  }

  private func write(_ captures: [CheckedCapture]) throws {
    var text = format.render(captures, style: style, tellsAll: verbose, isStrict: strict)
    let isGitHub = ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"
    if annotations ?? (isGitHub && format == .text) {
      text += GitHubAnnotations.render(captures, isStrict: strict)
    }
    try OutputStream.standardOutput.write(Array(text.utf8))
    if let junit { try write(JUnitReport.render(captures, isStrict: strict), to: junit) }
    if let sarif {
      let version = Tool.configuration.version
      let log = SARIFReport.render(captures, isStrict: strict, version: version)
      try write(log, to: sarif)
    }
  }

  private func readBaseline(_ path: String) throws -> Baseline {
    guard let data = FileManager.default.contents(atPath: path) else {
      Diagnostics.error("'\(path)' cannot be read; --write-baseline writes a baseline")
      throw ExitStatus.unreadableInput.code
    }
    do {
      return try Baseline(reading: String(decoding: data, as: UTF8.self), file: path)
    } catch {
      Diagnostics.error(error)
      throw ExitStatus.unreadableInput.code
    }
  }

  /// Writes what a capture shows, as expectations.
  private func write(expectationsOf capture: String, to path: String) throws {
    let recorder = ExpectationRecorder()
    let reading = CaptureReading(filter: nil, limits: limits.limits, showsProgress: false)
    var sink: any AnalysisSink = recorder
    let summary = try reading.analyze(
      capture, labelsFrames: false, measuresRoundTrips: true, into: &sink, isCancelled: { false })
    if let error = summary.error {
      Diagnostics.error(error)
      throw ExitStatus.unreadableInput.code
    }
    let folder = CheckPlan.folder(of: capture)
    let isBeside =
      path != "-" && capture != "-"
      && CaptureName.absolute(CheckPlan.folder(of: path)) == CaptureName.absolute(folder)
    let text = recorder.text(capture: isBeside ? String(capture.dropFirst(folder.count)) : nil)
    guard path != "-" else { return try OutputStream.standardOutput.write(Array(text.utf8)) }
    try write(text, to: path)
  }

  private func write(_ text: String, to path: String) throws {
    let file = try OutputFile(path: path)
    try file.stream.write(Array(text.utf8))
    try file.keep()
  }
}

extension CheckFormat: ExpressibleByArgument {}
