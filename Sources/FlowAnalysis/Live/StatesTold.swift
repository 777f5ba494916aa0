import FlowTracker

/// The states of one end of which somebody was told, in sixteen bytes.
struct StatesTold: BitwiseCopyable {
  /// Four bits for each, the first one lowest.
  private var states: UInt64 = 0
  private(set) var count: UInt8 = 0
  /// Of how many, between the first and the last ones, the timeline had no room when it was told.
  private var dropped: UInt8 = 0

  var last: EndpointState? { count == 0 ? nil : state(at: Int(count) - 1) }

  func state(at index: Int) -> EndpointState {
    EndpointState(rawValue: UInt8(states >> UInt64(4 * index) & 0xf)) ?? .closed
  }

  /// Takes over what a timeline says now.
  ///
  /// - Returns: The states, the latest first, that it says no longer, and how many of its last transitions
  ///   are new.
  mutating func update(to timeline: Timeline) -> (withdrawn: [EndpointState], new: Int) {
    var (withdrawn, new) = ([EndpointState](), 0)
    if timeline.dropped > Int(dropped) {
      // Some in the middle are gone: what is new is what there is more of.
      new = timeline.dropped + timeline.count - Int(dropped) - Int(count)
    } else {
      var same = 0
      while same < min(Int(count), timeline.count), timeline[same].state == state(at: same) {
        same += 1
      }
      withdrawn = (same..<Int(count)).reversed().map { state(at: $0) }
      new = timeline.count - same
    }
    states = 0
    for (index, transition) in timeline.enumerated() {
      states |= UInt64(transition.state.rawValue) << UInt64(4 * index)
    }
    count = UInt8(timeline.count)
    dropped = UInt8(timeline.dropped)
    return (withdrawn, min(max(new, 0), timeline.count))
  }
}
