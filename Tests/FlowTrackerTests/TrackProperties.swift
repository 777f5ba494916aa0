import FlowTracker
import PacketParser
import Testing
import TrackerProperties

/// Each frame twice: what is concluded stays the same, and only the traffic doubles.
func expectCopiesChangeNothing(
  _ segments: [Segment], _ run: TrackedRun, _ limits: TrackerLimits,
  _ sourceLocation: SourceLocation
) {
  let doubled = TrackedRun(segments.flatMap { [$0, $0] }, limits)
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
/// there, and each frame is counted once.
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
  _ segments: [Segment], _ which: Comment, _ limits: TrackerLimits,
  _ sourceLocation: SourceLocation
) {
  let connections = TrackedRun(segments, limits).connections
  let isHandshakeProven =
    showsHandshake(segments) || !connections.contains { $0.handshake.outcome == .complete }
  let isCloseProven =
    showsClose(segments) || !connections.contains { $0.closing.outcome == .complete }
  let packets = connections.reduce(0) { $0 + $1[.client].packets + $1[.server].packets }
  #expect(isHandshakeProven, which, sourceLocation: sourceLocation)
  #expect(isCloseProven, which, sourceLocation: sourceLocation)
  #expect(packets == UInt64(segments.count), which, sourceLocation: sourceLocation)
}

/// Whether a SYN (or SYN-ACK) is there and after it an acknowledgment that is no part of it.
///
/// In a simultaneous open the SYN-ACKs are the acknowledgments.
private func showsHandshake(_ segments: [Segment]) -> Bool {
  guard let syn = segments.firstIndex(where: { $0.flags.contains(.syn) }) else { return false }
  let rest = segments[(syn + 1)...]
  let acknowledges = rest.contains {
    $0.flags.contains(.ack) && $0.flags.isDisjoint(with: [.syn, .rst])
  }
  return acknowledges || segments.count { $0.flags.isSuperset(of: [.syn, .ack]) } > 1
}

/// Whether both ends send a FIN that the other end acknowledges.
private func showsClose(_ segments: [Segment]) -> Bool {
  let acknowledged = segments.filter { fin in
    fin.flags.contains(.fin)
      && segments.contains {
        $0.source == fin.destination && $0.destination == fin.source
          && $0.flags.contains(.ack) && $0.acknowledgment >= fin.sequenceEnd
      }
  }
  return Set(acknowledged.map(\.source)).count > 1
}
