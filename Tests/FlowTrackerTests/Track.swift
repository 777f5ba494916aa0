import FlowTracker
import PacketParser
import Testing
import TraceScript
import TrackerProperties

/// Tracks a script and holds every line against what it is to cause: all transitions, all facts, and
/// the connection it belongs to, no more and no less.
///
/// The script is played with several initial sequence numbers and both IP versions, which must make
/// no difference; and whatever it tells, copies of its frames must change nothing, and no part of it
/// may show a handshake or a close that is not there.
///
/// - Returns: The connections, in the order in which they were met.
func track(
  _ text: String, limits: TrackerLimits = TrackerLimits(), causes: Bool = false,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> [Connection] {
  let script = try Script(text)
  let run = TrackedRun(script.segments, limits)
  ScriptCheck(script, run, causes: causes).outcome.report(sourceLocation)

  let story = run.connections.map(describe)
  for settings in otherSettings {
    let other = TrackedRun(try Script(text, settings: settings).segments, limits)
    let otherStory = other.connections.map(describe)
    #expect(otherStory == story, "with \(settings)", sourceLocation: sourceLocation)
  }
  expectPredictionChangesNothing(script.segments, run, limits, sourceLocation)
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

extension Connection {
  /// How it was opened: `three-way complete`.
  var opened: String { "\(handshake.kind.name) \(handshake.outcome.name)" }
  /// How it was closed: `orderly complete`.
  var closed: String { "\(closing.kind.name) \(closing.outcome.name)" }
}
