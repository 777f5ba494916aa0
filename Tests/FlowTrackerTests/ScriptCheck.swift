import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// Holds what a table made of a script against what its lines say.
struct ScriptCheck {
  private(set) var outcome = ScriptOutcome()

  /// Holds the lines against what they did; with `causes`, also why segments were sent again and what
  /// acknowledgments without news are for.
  init(_ script: Script, _ run: TrackedRun, causes: Bool) {
    let factNames = causes ? Self.factNames + Self.causeNames : Self.factNames
    var index = 0
    var connection = 1
    var expectedConnection = 1
    var pauses: Set<Int64> = []
    for line in script.lines {
      var found: [String] = []
      if let frame = line.frame?.segment {
        let step = run.steps[index]
        if step.connection != connection { found.append("connection \(step.connection)") }
        found += Self.states(run) { $0.frame == frame.frame }
        // That a connection is met for the first time shows in its number.
        found += factNames.filter { step.facts.contains($0.fact) }.map(\.name)
        let isFirst = !run.steps[..<index].contains { $0.connection == step.connection }
        if step.facts.contains(.opensConnection), !isFirst {
          outcome.addProblem("line \(line.number) opens a connection that was open")
        }
        connection = step.connection
        index += 1
      } else {
        found = Self.states(run) { $0.frame == 0 && $0.time == line.time }
        pauses.insert(line.time.nanoseconds)
      }
      var expected: [String] = []
      for expectation in line.expectations {
        switch expectation {
        case .connection(let number):
          if number != expectedConnection { expected.append("connection \(number)") }
          expectedConnection = number
        case .states(let end, let names):
          expected.append("\(end) \(names.joined(separator: " "))")
        case .fact(let name): expected.append(name)
        case .finding(let id, _, _):
          outcome.addProblem("line \(line.number) expects \(id), of which a tracker knows nothing")
        }
      }
      outcome.add(line, expected: expected, found: found)
    }
    for timer in Self.states(run, where: { $0.frame == 0 && !pauses.contains($0.time.nanoseconds) })
    {
      outcome.addProblem("a timer for which there is no line: \(timer)")
    }
  }

  /// `client FIN-WAIT-1` for each end that has such transitions.
  private static func states(
    _ run: TrackedRun, where isWanted: (Transition) -> Bool
  ) -> [String] {
    run.connections.flatMap { connection in
      Side.allCases.compactMap { side in
        let names = transitions(connection, side).filter(isWanted).map(\.state.name)
        return names.isEmpty ? nil : "\(side.name) \(names.joined(separator: " "))"
      }
    }
  }

  private static let factNames: [(fact: SegmentFacts, name: String)] = [
    (.duplicateFrame, "duplicateFrame"), (.repeatsData, "repeatsData"),
    (.outOfOrder, "outOfOrder"), (.gapBefore, "gapBefore"),
    (.acknowledgesUnseen, "acknowledgesUnseen"), (.zeroWindow, "zeroWindow"), (.probe, "probe"),
    (.outsideWindow, "outsideWindow"), (.acceptableReset, "acceptableReset"),
    (.inexactReset, "inexactReset"), (.ignoredReset, "ignoredReset"), (.repeatsSYN, "repeatsSYN"),
    (.changesInitialSequence, "changesInitialSequence"),
    (.synOnSynchronized, "synOnSynchronized"), (.newIncarnation, "newIncarnation"),
    (.afterClose, "afterClose"),
    (.showsLoss, "showsLoss"), (.refutesReset, "refutesReset"),
    (.repairsLoss, "repairsLoss"), (.dataAfterFIN, "dataAfterFIN"),
    (.wrongAcknowledgment, "wrongAcknowledgment"),
  ]

  /// Why a segment was sent again, which few scripts are about.
  private static let causeNames: [(fact: SegmentFacts, name: String)] = [
    (.repeatsAcknowledged, "repeatsAcknowledged"), (.fastRetransmission, "fastRetransmission"),
    (.tailLossProbe, "tailLossProbe"), (.timedRetransmission, "timedRetransmission"),
    (.duplicateACK, "duplicateACK"), (.challengeACK, "challengeACK"),
    (.answersProbe, "answersProbe"), (.updatesWindow, "updatesWindow"),
  ]
}
