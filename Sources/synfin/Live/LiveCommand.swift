import ArgumentParser
import FlowAnalysis
import FlowReports
import MetricsServer
import PacketCapture
import PacketParser
import ProcessControl

struct LiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live",
    abstract: "The connections of an interface, as it happens.",
    discussion: """
      On a terminal they are shown as a table that changes; elsewhere, or with --lines, each event is a line: a \
      state that an end has entered, a handshake, a finding, the end of a connection.

      Root is needed, or the capability: setcap cap_net_raw,cap_net_admin=eip. Once the capture is open, \
      everything else is given up: the process goes on as the user who called sudo, without capabilities.

      It ends on Ctrl-C, SIGTERM, --count or --duration, and reports what is open then; SIGUSR1 has it tell its \
      statistics.
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The interface to capture on; synfin interfaces lists them, any is all of them.",
      valueName: "name"))
  var interface: String

  @OptionGroup(title: "What is captured") var capture: CaptureOptions
  @OptionGroup(title: "What is told") var telling: TellingOptions
  @OptionGroup(title: "What is recorded") var recording: RecordingOptions
  @OptionGroup(title: "When it ends") var ending: EndingOptions
  @OptionGroup(title: "What it may take") var limits: LimitOptions

  @Option(
    help: ArgumentHelp(
      "Go on as this user once the capture is open, where root starts it. (default: who called sudo)",
      valueName: "name"))
  var user: String?

  func run() throws {
    do {
      try end(try start())
    } catch let failure as LiveCaptureError {
      switch failure {
      case .filter, .filterOfOneInterface: throw ValidationError(failure.description)
      default: break
      }
      try fail(failure, .unreadableInput)
    } catch let failure as UnsupportedLinkType {
      try fail(failure, .unreadableInput)
    } catch let failure as PrivilegeError {
      try fail(failure, .unreadableInput)
    } catch let failure as CaptureWriterError {
      try fail(failure, .unwritableOutput)
    } catch let failure as MetricsServerError {
      try fail(failure, .unwritableOutput)
    } catch let failure as OutputStream.Failure {
      if case .brokenPipe = failure { throw ExitCode.success }
      // Who does not read the output may be the one who would read this.
      if case .unread = failure, !OutputStream.standardError.isReady {
        throw ExitStatus.unwritableOutput.code
      }
      try fail(failure, .unwritableOutput)
    }
  }

  private func fail(_ error: some CustomStringConvertible, _ status: ExitStatus) throws -> Never {
    Diagnostics.error(error)
    throw status.code
  }

  // MARK: - From the interface to a session

  /// Opens what needs permission, gives all permissions up, opens the rest, and captures.
  private func start() throws -> (end: LiveSession.End, summary: TraceSummary, output: ReportOutput)
  {
    let capture = try LiveCapture(interface: interface, settings: capture.settings)
    if let warning = capture.warning, !telling.quiet { Diagnostics.hint(warning) }
    guard let linkType = LinkType(number: capture.linkTypeNumber) else {
      throw UnsupportedLinkType(capture)
    }
    let dropped = try Privileges.drop(to: user)
    if !telling.quiet { Diagnostics.hint(dropped) }
    guard let signals = SignalWatch() else {
      try fail("signals cannot be heard: too many files are open", .unreadableInput)
    }

    let standardOutput = LiveOutput(signals)
    let output = ReportOutput { try standardOutput.write($0) }
    let showsScreen = Terminal.showsScreens && !telling.lines && telling.format == .text
    let hub = LiveHub(
      showsScreen ? nil : report(to: output), triggers: recording.triggers)
    let analyzer = TraceAnalyzer(
      linkType: linkType, capture: interface, limits: limits.limits,
      measuresRoundTrips: telling.format == .ndjson, cutsFrames: true, events: hub, sink: hub)
    let clock = CaptureClock(gatheringMilliseconds: self.capture.settings.gatheringMilliseconds)
    let metrics = try metrics(linkType, since: clock.now)
    let saver = try recording.saving.map {
      try FindingSaver(
        folder: $0.folder, format: capture.format, interval: $0.period.nanoseconds)
    }
    // Last of what may fail: an earlier capture of that name is gone then.
    let receiver = LiveReceiver(
      analyzer, ring: ring(showsScreen: showsScreen),
      writer: try writer(capture.format, at: clock.now), atMost: ending.count)
    let screen = showsScreen ? try screen(linkType, signals) : nil
    var session = LiveSession(capture, receiver, hub, output, standardOutput, clock)
    session.saver = saver
    session.metrics = consume metrics
    session.screen = consume screen
    session.stats = telling.stats
    session.duration = ending.duration
    let (end, summary) = session.run()
    if showsScreen {
      let totals = LiveLines(to: output, style: TextStyle(columns: Terminal.columns))
      totals.captureEnded(summary)
    }
    if output.failure == nil { try standardOutput.close() }
    return (end, summary, output)
  }

  private func report(to output: ReportOutput) -> any LiveReport {
    switch telling.format {
    case .text:
      LiveLines(
        to: output, style: TextStyle(usesColor: Terminal.isOutput && Terminal.wantsColor))
    case .ndjson: LiveRecords(to: output, capture: interface)
    }
  }

  private func metrics(_ linkType: LinkType, since time: Timestamp) throws -> MetricsFeed? {
    guard let address = telling.metricsAddress else { return nil }
    let feed = try MetricsFeed(
      on: address, interface: interface, linkType: linkType, startTime: time)
    if !telling.quiet { Diagnostics.hint("metrics at http://\(feed.address)/metrics") }
    return feed
  }

  private func writer(_ format: CaptureFormat, at time: Timestamp) throws -> CaptureWriter? {
    guard let path = recording.write else { return nil }
    return try CaptureWriter(
      path: path, format: format, rotation: recording.rotation, startingAt: time)
  }

  /// The latest frames: for captures of findings, and for the ladders of the screen.
  private func ring(showsScreen: Bool) -> FrameRing? {
    guard recording.saving != nil || showsScreen else { return nil }
    return FrameRing(
      windowNanoseconds: recording.saving?.period.nanoseconds ?? 300_000_000_000,
      bytes: recording.saveMemory?.bytes ?? 64 << 20)
  }

  private func screen(_ linkType: LinkType, _ signals: SignalWatch) throws -> LiveScreen {
    try LiveScreen(
      interface: interface, filter: capture.filter, linkType: linkType,
      usesColor: Terminal.wantsColor, signals)
  }

  // MARK: - The end

  private func end(
    _ result: (end: LiveSession.End, summary: TraceSummary, output: ReportOutput)
  ) throws {
    if let failure = result.output.failure { throw failure }
    switch result.end {
    case .asked, .unread: break
    case .failed(let failure): throw failure
    case .notWritten(let failure): throw failure
    case .unsaved: throw ExitStatus.unwritableOutput.code
    }
    if let failOn = telling.failOn, result.summary.findings.reach(failOn) {
      throw ExitStatus.findings.code
    }
  }
}
