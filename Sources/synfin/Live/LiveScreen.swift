import FlowAnalysis
import FlowReports
import FlowTracker
import LiveView
import PacketCapture
import PacketParser
import ProcessControl

/// The live view on the terminal that the tool runs in.
struct LiveScreen: ~Copyable {
  /// So many connections can be scrolled through.
  private static let mostRows = 2_000
  /// Nanoseconds between pictures, unless a key asks for one.
  private static let interval: Int64 = 500_000_000

  private let session: TerminalSession
  private let interface: String
  private let filter: String
  private let linkType: LinkType
  private var display: LiveDisplay
  private var reports: [Int: ConnectionReport] = [:]
  private var shownAt = Int64.min
  private var isStale = true

  init(
    interface: String, filter: String?, linkType: LinkType, usesColor: Bool, _ signals: SignalWatch
  ) throws(TerminalSession.Failure) {
    // Before the session changes it.
    _ = signals.noteTerminal(0, undoneBy: TerminalSession.undoing)
    session = try TerminalSession(usesColor: usesColor)
    self.interface = interface
    self.filter = filter ?? ""
    self.linkType = linkType
    display = LiveDisplay(columns: session.size.columns, rows: session.size.rows)
  }

  /// Takes the keys that were pressed.
  ///
  /// - Returns: Whether the capture is to go on.
  mutating func takeKeys() -> Bool {
    for input in session.next(waitingMilliseconds: 0) {
      isStale = true
      switch input {
      case .key(let key): display.press(key)
      case .resized(let columns, let rows): display.resize(columns: columns, rows: rows)
      case .closed: return false
      }
      switch display.takeRequest() {
      case .quit: return false
      case .suspend: session.suspend()
      case .redraw: session.redraw()
      case nil: break
      }
    }
    return true
  }

  /// It is time for a new picture.
  var isDue: Bool { shownAt == .min || SystemClock.monotonic - shownAt >= Self.interval }

  /// Takes over how things are.
  mutating func update(
    _ status: LiveStatus, _ receiver: inout LiveReceiver, _ hub: LiveHub, notice: String?
  ) {
    shownAt = SystemClock.monotonic
    isStale = true
    display.show(snapshot(status, &receiver, hub, notice))
  }

  /// Draws what has changed.
  mutating func show(_ receiver: borrowing LiveReceiver) {
    guard isStale else { return }
    isStale = false
    if let number = display.neededLadder, let report = reports[number] {
      switch receiver.ring {
      case .some(let ring):
        display.showLadder(
          of: number, RecentLadder.lines(of: report, in: ring, linkType, columns: display.columns))
      case .none: display.showLadder(of: number, [])
      }
    }
    session.show(display.draw())
  }

  /// Gives the terminal back.
  mutating func leave() {
    session.leave()
  }

  private mutating func snapshot(
    _ status: LiveStatus, _ receiver: inout LiveReceiver, _ hub: LiveHub, _ notice: String?
  ) -> LiveSnapshot {
    let alive = receiver.analyzer.alive(latest: Self.mostRows)
    var snapshot = LiveSnapshot(time: status.time, interface: interface)
    snapshot.captureFilter = filter
    snapshot.notice = notice
    snapshot.frames = UInt64(receiver.frames)
    snapshot.bytes = receiver.wireBytes
    snapshot.statistics = LiveSnapshot.Statistics(
      received: UInt64(status.received), droppedByKernel: UInt64(status.loss.droppedByKernel),
      droppedByInterface: UInt64(status.loss.droppedByInterface))
    snapshot.states = status.states.all.map {
      LiveSnapshot.StateCount(client: $0.client, server: $0.server, count: $0.connections)
    }
    snapshot.connectionsEnded = status.totals.connections
    snapshot.connectionsOpened = status.totals.connections + status.alive
    snapshot.findings = hub.findings.byRule.map {
      LiveSnapshot.FindingCount(id: $0.rule.id, severity: $0.rule.severity, count: $0.count)
    }
    snapshot.rows =
      alive.map { LiveRow($0, isEnded: false) } + hub.ended.map { LiveRow($0, isEnded: true) }
    reports = Dictionary(
      (hub.ended + alive).map { ($0.number, $0) }, uniquingKeysWith: { $1 })
    return snapshot
  }
}
