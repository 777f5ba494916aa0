import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser

/// Hears what the analysis of an interface says, and passes it on to whoever wants to know.
final class LiveHub: LiveReport {
  /// Connections that have ended, the latest ones, as reports.
  private static let endedKept = 200

  private var report: (any LiveReport)?
  private let triggers: Set<String>
  /// What was found so far, of connections that are alive too.
  private(set) var findings = FindingCounts()
  /// How long handshakes took.
  private(set) var serverRoundTrips = DurationHistogram()
  private(set) var clientRoundTrips = DurationHistogram()
  /// Those of `triggers` that have appeared since they were last taken.
  private var triggered: [String] = []
  private(set) var ended: [ConnectionReport] = []

  /// - Parameters:
  ///   - report: What is written; `nil` where everything is shown on a screen.
  ///   - triggers: Identifiers of findings of which `takeTriggered` is to tell.
  init(_ report: (any LiveReport)?, triggers: [String]) {
    self.report = report
    self.triggers = Set(triggers)
  }

  /// The findings that were waited for and have appeared.
  func takeTriggered() -> [String] {
    defer { triggered = [] }
    return triggered
  }

  func happened(_ event: ConnectionEvent) {
    switch event.kind {
    case .found(let finding): note(finding.rule, finding.severity)
    case .completedHandshake(let handshake):
      if let time = handshake.serverRoundTripNanoseconds {
        serverRoundTrips.record(nanoseconds: time)
      }
      if let time = handshake.clientRoundTripNanoseconds {
        clientRoundTrips.record(nanoseconds: time)
      }
    case .entered, .withdrew, .closed, .reopened, .withdrewFinding: break
    }
    report?.happened(event)
  }

  func happened(_ event: CaptureEvent) {
    if case .found(let finding) = event.kind { note(finding.rule, finding.severity) }
    report?.happened(event)
  }

  func connectionEnded(_ report: ConnectionReport) {
    if self.report == nil {
      if ended.count == 2 * Self.endedKept { ended.removeFirst(Self.endedKept) }
      ended.append(report)
    }
    self.report?.connectionEnded(report)
  }

  func found(_ finding: CaptureFinding) {
    if !finding.wasTold { note(finding.rule, finding.severity) }
    report?.found(finding)
  }

  /// Only counts from now on: nobody hears what is told.
  func tellNothing() { report = nil }

  func tell(_ status: LiveStatus) { report?.tell(status) }

  func captureEnded(_ summary: TraceSummary) { report?.captureEnded(summary) }

  private func note(_ rule: FindingRule, _ severity: Finding.Severity) {
    findings.count(rule, severity)
    if triggers.contains(rule.id), !triggered.contains(rule.id) { triggered.append(rule.id) }
  }
}
