import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// Frames analyzed as they come, with time that passes between them.
final class LiveAnalysis: AnalysisSink, EventReceiver {
  private(set) var events: [ConnectionEvent] = []
  private(set) var captureEvents: [CaptureEvent] = []
  private(set) var reports: [Int: ConnectionReport] = [:]
  private(set) var capture: [CaptureFinding] = []
  private(set) var summary: TraceSummary?
  /// What was found before `finish`, and of which connections anything was told.
  private(set) var findingsBeforeTheEnd: [Int: [String]] = [:]
  private(set) var metBeforeTheEnd: Set<Int> = []
  private(set) var states: StatePairs?
  private var framesTaken = 0

  init() {}

  /// Takes in all frames, then lets so many seconds pass.
  init(_ frames: [CapturedFrame], andSeconds seconds: Int64 = 0) {
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: self, sink: self)
    take(frames, into: &analyzer)
    pass(seconds, after: frames, &analyzer)
    findingsBeforeTheEnd = findings
    metBeforeTheEnd = Set(events.map(\.connection))
    _ = analyzer.finish()
    states = analyzer.states
  }

  /// Takes in frames, between which time passes.
  func take(_ frames: [CapturedFrame], into analyzer: inout TraceAnalyzer) {
    let times = frames.map { Timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
    for (index, frame) in frames.enumerated() {
      framesTaken += 1
      let info = FrameInfo(
        number: framesTaken, time: times[index], wireLength: frame.bytes.count)
      withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
      analyzer.pass(until: index + 1 < frames.count ? times[index + 1] : times[index])
    }
  }

  /// Lets time pass after the last of some frames, a second at a time.
  func pass(_ seconds: Int64, after frames: [CapturedFrame], _ analyzer: inout TraceAnalyzer) {
    guard let last = frames.last else { return }
    let time = Timestamp(seconds: last.seconds, nanoseconds: last.nanoseconds)
    for second in 1...max(1, seconds) where second <= seconds {
      analyzer.pass(until: Timestamp(nanoseconds: time.nanoseconds + second * 1_000_000_000))
    }
  }

  /// What many connections together were told to show, and was not taken back.
  var captureFindings: [String] {
    captureEvents.reduce(into: []) { told, event in
      switch event.kind {
      case .found(let finding): told.append(finding.rule.id)
      case .withdrew(let finding): told.removeAll { $0 == finding.rule.id }
      }
    }
  }

  /// The identifiers of what was found of each connection, and not taken back.
  var findings: [Int: [String]] {
    var findings: [Int: [String]] = [:]
    for event in events {
      switch event.kind {
      case .found(let finding):
        findings[event.connection, default: []].append(finding.rule.id)
      case .withdrewFinding(let rule):
        let told = findings[event.connection]?.firstIndex(of: rule.id)
        if let told {
          findings[event.connection]?.remove(at: told)
        } else {
          Issue.record("\(rule.id) is taken back and was not told")
        }
      default: break
      }
    }
    return findings
  }

  /// The identifiers of all findings of connections that were taken back.
  var withdrawn: Set<String> {
    events.reduce(into: []) { withdrawn, event in
      if case .withdrewFinding(let rule) = event.kind { withdrawn.insert(rule.id) }
    }
  }

  /// The states of an end as they were told, without those that were taken back.
  func states(of connection: Int, _ side: Side) -> [EndpointState] {
    var states: [EndpointState] = []
    for event in events where event.connection == connection {
      switch event.kind {
      case .entered(side, let transition): states.append(transition.state)
      case .withdrew(side, let state): if states.last == state { states.removeLast() }
      default: break
      }
    }
    return states
  }

  var stories: [String] { events.compactMap(story) }

  func stories(of connection: Int) -> [String] {
    events.filter { $0.connection == connection }.compactMap(story)
  }

  private func story(_ event: ConnectionEvent) -> String? {
    switch event.kind {
    case .entered(let side, let transition):
      "\(side.name) \(transition.state.name) \(transition.evidence.name) \(transition.frame)"
    case .withdrew(let side, let state): "\(side.name) not \(state.name)"
    case .completedHandshake(let handshake): "handshake \(handshake.kind.name)"
    case .closed(let close): "closed \(close.kind.name)"
    case .reopened: "open again"
    case .found, .withdrewFinding: nil
    }
  }

  func happened(_ event: ConnectionEvent) { events.append(event) }
  func happened(_ event: CaptureEvent) { captureEvents.append(event) }
  func connectionEnded(_ report: ConnectionReport) { reports[report.number] = report }
  func found(_ finding: CaptureFinding) { capture.append(finding) }
  func captureEnded(_ summary: TraceSummary) { self.summary = summary }
}
