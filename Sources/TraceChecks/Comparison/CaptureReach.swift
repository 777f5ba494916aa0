import FlowTracker
import PacketParser

/// From when to when each of two captures can show what the other does.
///
/// A file does not say when its capture was started and stopped, only when its first and last frames came.
/// That nothing follows them may be since nothing came: unless the other capture shows segments that have
/// been at this place before or after.
struct CaptureReach {
  /// By so much, in nanoseconds, a segment may be faster or slower than usual, so that it is not sure on
  /// which side of a capture's edge it came by.
  private static let margin: Int64 = 20_000_000

  private var spans: [ClosedRange<Timestamp>?]
  private var beginsLate = [false, false]
  private var endsEarly = [false, false]

  init(of path: PathComparison) {
    spans = [path.a.span, path.b.span]
    endsEarly = [path.a.omittedSegments > 0, path.b.omittedSegments > 0]
    for flow in path.flows.indices where path.flows[flow].a != nil && path.flows[flow].b != nil {
      for direction in 0...1 {
        guard let travel = path.travels[flow][direction] else { continue }
        let matching = path.matchings[flow][direction]
        let usual = path.usualAhead(flow, direction)
        switch travel {
        case .aToB: note(matching.b, matching.partnerInA, matching.originalInB, in: 0, -usual)
        case .bToA: note(matching.a, matching.partnerInB, matching.originalInA, in: 1, usual)
        }
      }
    }
  }

  /// These have come by the place of a capture, so much later or earlier than by this one.
  private mutating func note(
    _ segments: [RecordedSegment], _ partners: IndexList, _ originals: IndexList, in capture: Int,
    _ ahead: Int64
  ) {
    guard let span = spans[capture] else { return }
    for index in segments.indices where partners[index] == nil && originals[index] == nil {
      // A RST may come from anywhere.
      guard !segments[index].flags.contains(.rst) else { continue }
      let time = segments[index].mark.time.moved(by: ahead)
      if time < span.lowerBound { beginsLate[capture] = true }
      if time > span.upperBound { endsEarly[capture] = true }
    }
  }

  /// Whether a capture would show what came by its place at a time on its clock.
  func covers(_ time: Timestamp, inA isA: Bool) -> Bool {
    let capture = isA ? 0 : 1
    guard let span = spans[capture] else { return false }
    return !(beginsLate[capture] && time <= span.lowerBound.moved(by: Self.margin))
      && !(endsEarly[capture] && time >= span.upperBound.moved(by: -Self.margin))
  }
}

extension Timestamp {
  /// So much later, or earlier; at the ends of time no farther.
  func moved(by nanoseconds: Int64) -> Timestamp {
    let (sum, overflows) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return Timestamp(nanoseconds: overflows ? (nanoseconds < 0 ? .min : .max) : sum)
  }
}
