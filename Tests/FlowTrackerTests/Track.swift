import FlowTracker
import PacketParser
import Testing
import TraceScript

/// Tracks a script and holds every line against what it is to cause: all transitions, all facts, and
/// the connection it belongs to, no more and no less.
///
/// The script is played with several initial sequence numbers and both IP versions, which must make
/// no difference; and whatever it tells, copies of its frames must change nothing, and no part of it
/// may show a handshake or a close that is not there.
///
/// - Returns: The connections, in the order in which they were met.
func track(
  _ text: String, limits: TrackerLimits = TrackerLimits(),
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> [Connection] {
  let script = try Script(text)
  let run = TrackedRun(script.segments, limits)
  ScriptCheck(script, run).report(sourceLocation)

  let story = run.connections.map(describe)
  for settings in otherSettings {
    let other = TrackedRun(try Script(text, settings: settings).segments, limits)
    let otherStory = other.connections.map(describe)
    #expect(otherStory == story, "with \(settings)", sourceLocation: sourceLocation)
  }
  expectCopiesChangeNothing(script.segments, run, limits, sourceLocation)
  expectNothingInvented(script.segments, limits, sourceLocation)
  return run.connections
}

/// The first byte is number 0; numbers wrap around in the middle of the data; all begins at 0; and
/// no identification tells copies from repeats.
private let otherSettings: [ScriptSettings] = {
  var first = ScriptSettings()
  first.clientInitialSequence = .max
  first.serverInitialSequence = .max - 50
  var second = ScriptSettings()
  second.clientInitialSequence = .max - 1000
  second.serverInitialSequence = .max
  var third = ScriptSettings()
  third.clientInitialSequence = 0
  third.serverInitialSequence = 0
  var fourth = ScriptSettings()
  fourth.ipVersion = .v6
  return [first, second, third, fourth]
}()

/// What a table made of segments.
struct TrackedRun {
  /// In the order in which they were met.
  private(set) var connections: [Connection] = []
  /// For each segment the number of its connection, and its facts.
  private(set) var steps: [(connection: Int, facts: SegmentFacts)] = []

  init(_ segments: [Segment], _ limits: TrackerLimits = TrackerLimits()) {
    var table = ConnectionTable(limits: limits)
    for segment in segments {
      let step = table.ingest(segment)
      steps.append((table[step.connection].number, step.facts))
      collect(&table)
    }
    table.finish()
    collect(&table)
    connections.sort { $0.number < $1.number }
  }

  private mutating func collect(_ table: inout ConnectionTable) {
    while let id = table.takeEnded() {
      connections.append(table[id])
      table.release(id)
    }
  }
}

// MARK: - Connections as text

/// All that is concluded of a connection, without sequence numbers and without the counts of packets
/// and bytes.
func describe(_ connection: Connection) -> String {
  let handshake = connection.handshake
  let frames = [handshake.syn, handshake.synACK, handshake.ack, connection.closing.reset]
    .map { $0.map { "\($0.frame)" } ?? "-" }
  var lines = [
    "connection \(connection.number), incarnation \(connection.incarnation)",
    "ended: \(connection.endReason.name)",
    "roles: \(connection.rolesEvidence.name)",
    "handshake: \(handshake.kind.name) \(handshake.outcome.name)",
    "close: \(connection.closeKind.name) \(connection.closeOutcome.name)",
    "SYN, SYN-ACK, ACK, RST in frames \(frames.joined(separator: ", "))",
    "completeness: \(connection.wiresharkCompleteness)",
  ]
  for side in Side.allCases {
    let seen = connection[irregularities: side]
    lines.append("\(side.name): \(timeline(connection, side))")
    lines.append(
      """
      repeated \(seen.repeatedPackets) with \(seen.repeatedBytes) bytes, \
      out of order \(seen.outOfOrderPackets), gaps \(seen.gaps) of \(seen.gapBytes) bytes, \
      zero windows \(seen.zeroWindows)
      """)
  }
  return lines.joined(separator: "\n")
}

/// The states of one end: `SYN-SENT 1 sent, ESTABLISHED 2 presumed`.
func timeline(_ connection: Connection, _ side: Side) -> String {
  transitions(connection, side)
    .map { "\($0.state.name) \($0.frame) \($0.evidence.name)" }
    .joined(separator: ", ")
}

func transitions(_ connection: Connection, _ side: Side) -> [Transition] {
  Array(connection[history: side].timeline)
}

extension Connection {
  /// How it was opened: `three-way complete`.
  var opened: String { "\(handshake.kind.name) \(handshake.outcome.name)" }
  /// How it was closed: `orderly complete`.
  var closed: String { "\(closeKind.name) \(closeOutcome.name)" }
}
