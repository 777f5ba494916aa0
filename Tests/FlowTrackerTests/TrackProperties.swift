import FlowTracker
import PacketParser
import Testing
import TrackerProperties

/// The long way with every segment, and SYNs that wait in the cache for what follows them: all comes to the
/// same, fact by fact and count by count.
func expectPredictionChangesNothing(
  _ segments: [Segment], _ run: TrackedRun, of which: String = "all frames",
  _ limits: TrackerLimits, _ sourceLocation: SourceLocation = #_sourceLocation
) {
  expectSame(
    TrackedRun(segments, limits, predictsHeaders: false), run,
    "\(which), without header prediction", sourceLocation)
  for uncached in 0...1 {
    expectSame(
      TrackedRun(segments, limits, uncached: uncached), run,
      "\(which), with SYNs in the cache after \(uncached)", sourceLocation)
  }
}

private func expectSame(
  _ other: TrackedRun, _ run: TrackedRun, _ which: Comment, _ sourceLocation: SourceLocation
) {
  #expect(
    other.steps.map(\.facts) == run.steps.map(\.facts), which, sourceLocation: sourceLocation)
  #expect(
    other.connections.map(describeWithCounts) == run.connections.map(describeWithCounts), which,
    sourceLocation: sourceLocation)
}

private func describeWithCounts(_ connection: Connection) -> String {
  let counts = Side.allCases.map { side in
    let end = connection[side]
    let history = connection[history: side]
    return """
      \(end.packets) packets, \(end.bytes) bytes, \(end.payload) of payload, \(end.flagsSeen), \
      window \(end.window) of \(end.windowMaximum), next \(end.next), \
      acknowledged \(end.acknowledged), knows \(end.knows), shift \(end.windowShift)
      from \(history.initialSequence) to \(history.finSequence) in \(frame(history.fin)), \
      lost \(history.losses), the last in \(frame(history.lost)), \
      after the other FIN \(history.payloadAfterPeersFIN)
      offered \(history.offer.map { "\($0)" } ?? "nothing"), hop limit \(history.hopLimit ?? 0), \
      checksums \(history.checksums)
      \(describeIrregularities(of: side, connection))
      """
  }
  let handshake = connection.handshake
  let opening = """
    first \(frame(connection.first)), last \(frame(connection.last)), repeated \
    \(frame(handshake.lastSYN)) and \(frame(handshake.lastSYNACK)), \(handshake.traits), \
    closed first by \(connection.closing.first?.name ?? "nobody")
    """
  return ([describe(connection), opening] + counts).joined(separator: "\n")
}

private func describeIrregularities(of side: Side, _ connection: Connection) -> String {
  let end = connection[irregularities: side]
  let seen = (0..<64).compactMap { bit -> String? in
    let fact = SegmentFacts(rawValue: 1 << UInt64(bit))
    return connection.sightings(of: fact, by: side).map {
      "\(bit): \($0.count) from \($0.first) to \($0.last)"
    }
  }
  return """
    \(end.repeatedPackets) repeats of \(end.repeatedBytes) bytes, \(end.redundantBytes) redundant, \
    \(end.duplicateFrames) copies, \(end.outOfOrderPackets) overtaken, \(end.gaps) gaps of \(end.gapBytes), \
    \(end.duplicateACKs) duplicate ACKs, \(end.duplicateACKsInRow) in a row, \(end.mostRepeats) times, \
    \(end.zeroWindows) zero windows, \(end.shutWindow.spells) spells of \(end.shutWindow.totalNanoseconds), \
    \(end.unansweredProbes) probes, \(end.lateSYNs) late SYNs, \(end.mostResetsInSecond) RSTs, \
    silent for \(end.secondsSilentBeforeReset ?? 0), seen \(seen.joined(separator: "; "))
    """
}

private func frame(_ mark: FrameMark?) -> String {
  mark.map { "\($0.frame) at \($0.time.nanoseconds)" } ?? "-"
}

/// Each frame twice: what is concluded stays the same, and only the traffic doubles.
func expectCopiesChangeNothing(
  _ segments: [Segment], _ run: TrackedRun, _ limits: TrackerLimits,
  _ sourceLocation: SourceLocation
) {
  let twice = segments.flatMap { [$0, $0] }
  let doubled = TrackedRun(twice, limits)
  expectPredictionChangesNothing(twice, doubled, of: "each frame twice", limits, sourceLocation)
  let (story, doubledStory) = (run.connections.map(describe), doubled.connections.map(describe))
  #expect(doubledStory == story, "each frame twice", sourceLocation: sourceLocation)
  guard doubledStory == story else { return }
  for (one, two) in zip(run.connections, doubled.connections) {
    for side in Side.allCases {
      let (once, twice) = (one[side], two[side])
      #expect(twice.packets == 2 * once.packets, sourceLocation: sourceLocation)
      #expect(twice.bytes == 2 * once.bytes, sourceLocation: sourceLocation)
      #expect(twice.payload == 2 * once.payload, sourceLocation: sourceLocation)
    }
  }
}

/// Any run of frames out of the script, the script without any one of them, and with any two
/// neighbours exchanged: a handshake or a close is complete only where the frames that make it are
/// there, each frame is counted once, and the short way comes to the same as the long one.
func expectNothingInvented(
  _ segments: [Segment], _ limits: TrackerLimits, _ sourceLocation: SourceLocation
) {
  for start in segments.indices {
    for end in (start + 1)...segments.count {
      expectProof(
        Array(segments[start..<end]), "frames \(start + 1) to \(end)", limits, sourceLocation)
    }
    var rest = segments
    rest.remove(at: start)
    expectProof(rest, "all but frame \(start + 1)", limits, sourceLocation)

    guard start > 0 else { continue }
    var exchanged = segments
    exchanged.swapAt(start - 1, start)
    exchanged[start - 1].time = segments[start - 1].time
    exchanged[start].time = segments[start].time
    expectProof(exchanged, "frame \(start + 1) before \(start)", limits, sourceLocation)
  }
}

private func expectProof(
  _ segments: [Segment], _ which: String, _ limits: TrackerLimits,
  _ sourceLocation: SourceLocation
) {
  let run = TrackedRun(segments, limits)
  expectPredictionChangesNothing(segments, run, of: which, limits, sourceLocation)
  let connections = run.connections
  let packets = connections.reduce(0) { $0 + $1[.client].packets + $1[.server].packets }
  let proof = Proof(in: segments)
  #expect(
    proof.hasHandshake || !connections.contains(where: \.isOpened), "\(which)",
    sourceLocation: sourceLocation)
  #expect(
    proof.hasClose || !connections.contains(where: \.isClosed), "\(which)",
    sourceLocation: sourceLocation)
  #expect(packets == UInt64(segments.count), "\(which)", sourceLocation: sourceLocation)
}
