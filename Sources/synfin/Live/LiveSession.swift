import FlowAnalysis
import FlowReports
import PacketCapture
import PacketParser
import ProcessControl

/// One capture on an interface, from its first frame to its last report.
struct LiveSession: ~Copyable {
  /// How long a wait for frames lasts at most, in milliseconds: timers run as often.
  private static let waitMilliseconds = 100
  /// So many frames are taken before anything else is looked at.
  private static let framesAtATime = 16_384
  /// A backlog at the end is read for so long at most.
  private static let longestBacklogMilliseconds: Int64 = 10_000
  /// Nanoseconds between looks at what the kernel has dropped.
  private static let statisticsInterval: Int64 = 1_000_000_000

  private var capture: LiveCapture
  private var receiver: LiveReceiver
  private let hub: LiveHub
  private let output: ReportOutput
  private let standardOutput: LiveOutput
  private var clock: CaptureClock
  private var statistics = LiveStatistics()
  private var statisticsAt = Int64.min
  private var statsAt = Int64.max
  private var endsAt: Int64?
  /// What is the matter with the interface.
  private var notice: String?
  /// A capture of a finding could not be written.
  private var hasUnsaved = false
  /// Why not, of the first that nobody could be told of yet.
  private var untold: CaptureWriterError?

  /// Where it is shown, written when findings appear, and served, if anywhere.
  var screen: LiveScreen?
  var saver: FindingSaver?
  var metrics: MetricsFeed?
  /// How often statistics are told.
  var stats: Period?
  /// How long it goes on at most.
  var duration: Period?

  /// Why a session ended.
  enum End {
    case asked
    case failed(LiveCaptureError)
    case notWritten(CaptureWriterError)
    /// It was asked to, and a capture of a finding could not be written, as was said then.
    case unsaved
    /// Nobody reads what is told, or it cannot be written.
    case unread
  }

  init(
    _ capture: consuming LiveCapture, _ receiver: consuming LiveReceiver, _ hub: LiveHub,
    _ output: ReportOutput, _ standardOutput: LiveOutput, _ clock: CaptureClock
  ) {
    self.capture = capture
    self.receiver = receiver
    self.hub = hub
    self.output = output
    self.standardOutput = standardOutput
    self.clock = clock
  }

  /// Captures until something ends it, and reports what is open then.
  ///
  /// - Returns: Why it ended, and what the capture came to.
  mutating func run() -> (end: End, summary: TraceSummary) {
    let began = SystemClock.monotonic
    if let stats { statsAt = began + stats.nanoseconds }
    endsAt = duration.map { began + $0.nanoseconds }
    var end = captureFrames()
    if case .asked = end {
      if !standardOutput.waitForRoom() { hub.tellNothing() }
      takeWhatIsThere()
    }
    noteStatistics()
    screen?.leave()
    screen = nil
    receiver.closeFile()
    if let failure = receiver.failure, case .asked = end { end = .notWritten(failure) }
    hub.tell(status)
    let summary = receiver.analyzer.finish(interruption: failure(end))
    saveFindings(atEnd: true)
    if let untold { Diagnostics.error(untold) }
    if hasUnsaved, case .asked = end { end = .unsaved }
    output.flush()
    if let metrics = metrics.take() { metrics.stop(failure(end) ?? "the capture has ended") }
    return (end, summary)
  }

  private mutating func captureFrames() -> End {
    while true {
      if standardOutput.isFull {
        // Whoever reads is behind: frames wait in the kernel.
        standardOutput.waitForReader()
      } else {
        let before = receiver.frames
        let pause: LivePause
        do throws(LiveCaptureError) {
          pause = try capture.readFrames(
            atMost: Self.framesAtATime, waitingAtMost: wait, into: &receiver)
        } catch {
          return .failed(error)
        }
        letTimePass(pause, hasFrames: receiver.frames > before)
      }
      if SystemClock.monotonic &- statisticsAt >= Self.statisticsInterval || statisticsAt == .min {
        noteStatistics()
      }
      saveFindings(atEnd: false)
      receiver.flushFile()
      if let failure = receiver.failure { return .notWritten(failure) }
      tellStatistics()
      updateMetrics()
      output.flush()
      if output.failure != nil { return .unread }
      if !takeSignals() || receiver.hasAll { return .asked }
      if let endsAt, SystemClock.monotonic >= endsAt { return .asked }
      if screen != nil, !showScreen() { return .asked }
    }
  }

  /// How long to wait for frames, in milliseconds.
  private var wait: Int {
    guard let endsAt else { return Self.waitMilliseconds }
    let left = (endsAt - SystemClock.monotonic + 999_999) / 1_000_000
    return min(Self.waitMilliseconds, max(0, Int(left)))
  }

  private mutating func letTimePass(_ pause: LivePause, hasFrames: Bool) {
    if hasFrames, let latest = receiver.latest {
      notice = nil
      clock.note(latest)
      receiver.pass(until: latest)
    } else if pause == .timeout {
      receiver.pass(until: clock.quietUntil)
    } else if pause == .interfaceDown {
      notice = "the interface is down"
      if screen == nil {
        Diagnostics.hint("'\(capture.interface)' is down; frames come when it is up again")
      }
    }
  }

  /// Takes frames that came before the end: those that gather in the kernel are handed over a little later.
  private mutating func takeWhatIsThere() {
    let (start, end) = (SystemClock.monotonic, clock.now)
    var isFull = false
    while !receiver.hasAll, receiver.failure == nil, output.failure == nil {
      let left = (start + clock.patience - SystemClock.monotonic) / 1_000_000
      // Where frames wait by the thousand they are read on, up to those that came later.
      guard left > 0 || isFull, left > -Self.longestBacklogMilliseconds,
        receiver.latest.map({ $0 <= end }) ?? true
      else { return }
      let before = receiver.frames
      // An interface that has gone away has nothing more.
      guard
        (try? capture.readFrames(
          atMost: Self.framesAtATime, waitingAtMost: max(0, Int(left)), into: &receiver)) != nil
      else { return }
      isFull = receiver.frames - before >= Self.framesAtATime / 2
    }
  }

  // MARK: - Statistics

  private mutating func noteStatistics() {
    statisticsAt = SystemClock.monotonic
    statistics = capture.statistics()
    receiver.analyzer.noteLoss(
      CaptureLoss(
        droppedByKernel: statistics.droppedByKernel,
        droppedByInterface: statistics.droppedByInterface))
  }

  private mutating func tellStatistics() {
    let late = SystemClock.monotonic - statsAt
    guard let interval = stats?.nanoseconds, late >= 0 else { return }
    statsAt += interval * (1 + late / interval)
    noteStatistics()
    hub.tell(status)
  }

  private mutating func updateMetrics() {
    guard metrics?.isDue ?? false else { return }
    let status = status
    metrics?.update(status, receiver, hub)
  }

  private var status: LiveStatus {
    mutating get {
      receiver.analyzer.status(at: clock.now, received: statistics.received)
    }
  }

  // MARK: - Signals, findings, screen

  /// - Returns: Whether to go on.
  private mutating func takeSignals() -> Bool {
    let arrived = standardOutput.takeSignals()
    if arrived.contains(.user1) {
      noteStatistics()
      hub.tell(status)
      output.flush()
    }
    return arrived.isDisjoint(with: .stop)
  }

  /// Writes captures for findings that were waited for; one that cannot be written is no reason to end, but
  /// changes how it ends.
  private mutating func saveFindings(atEnd: Bool) {
    saver?.note(hub.takeTriggered())
    guard let time = receiver.reached, saver != nil else { return }
    var outcomes: [FindingSaver.Outcome] = []
    switch receiver.ring {
    case .some(let ring):
      outcomes = saver?.save(ring, at: time, evenIfEarly: atEnd) ?? []
    case .none: break
    }
    for outcome in outcomes {
      if case .failed(let error) = outcome {
        hasUnsaved = true
        if screen != nil { untold = untold ?? error }
      }
      guard screen == nil else { continue }
      switch outcome {
      case .wrote(let path): Diagnostics.hint("wrote '\(path)'")
      case .nothingKept(let finding):
        Diagnostics.hint(
          "nothing is saved for '\(finding)': its frames are older than what is kept (--save-last)")
      case .failed(let error): Diagnostics.error(error)
      }
    }
  }

  private mutating func showScreen() -> Bool {
    guard screen?.takeKeys() ?? true else { return false }
    if screen?.isDue ?? false {
      let status = status
      screen?.update(status, &receiver, hub, notice: notice)
    }
    screen?.show(receiver)
    return true
  }

  private func failure(_ end: End) -> String? {
    switch end {
    case .failed(let error): error.description
    case .notWritten(let error): error.description
    case .asked, .unread, .unsaved: nil
    }
  }
}
