import FlowTracker
import TraceScript

/// A state that a timeline is to show, as far as a capture can show it.
struct Expected {
  var state: String
  /// The frame, or `nil` where none shows it: a timer ran out, or an application let go in silence.
  ///
  /// The timeline may then leave it out, or show it where it becomes visible.
  var frame: Int?

  /// What the timelines of one end should hold together, if the capture is taken there.
  ///
  /// A FIN that completes the handshake, or that also acknowledges a FIN, passes through a state;
  /// timelines draw the arrow past it, as the RFC's diagram does.
  static func path(_ conversation: Conversation, _ side: Side) -> [Expected] {
    let truth = conversation.truth[Int(side.rawValue)]
    var path: [Expected] = []
    for (index, transition) in truth.enumerated() {
      let next = index + 1 < truth.count ? truth[index + 1] : nil
      if let cause = transition.cause, next?.cause == cause {
        if transition.state == .established, next?.state == .closeWait { continue }
        if transition.state == .finWait2, next?.state == .timeWait { continue }
      }
      let isSameListen =
        transition.state == .listen && path.last?.state == TrueState.listen.rawValue
      if isSameListen { continue }
      // Only its answer shows that a listening socket took a SYN; the capture may end before that.
      let shown = transition.state == .listen && next != nil ? next?.cause : transition.cause
      let isShown = conversation.frame(of: shown) != nil
      path.append(
        Expected(
          state: transition.state.rawValue,
          frame: isShown ? conversation.frame(of: transition.cause) : nil))
    }
    return path
  }

  /// How a path differs from what it should be, if it does; one that is not whole may end earlier.
  static func difference(
    of found: [Transition], from path: [Expected], isWhole: Bool
  ) -> String? {
    var rest = found[...]
    var before: String?
    for expected in path {
      // Each connection of a listening socket begins in LISTEN, and each that is refused in CLOSED.
      while let next = rest.first, next.evidence == .implied, next.state.name == before {
        rest.removeFirst()
      }
      if rest.isEmpty, !isWhole { return nil }
      guard let next = rest.first, next.state.name == expected.state else {
        if expected.frame == nil { continue }
        let instead = rest.first.map { "\($0.state.name) by frame \($0.frame)" } ?? "nothing"
        return "\(expected.state) by frame \(expected.frame ?? 0) expected, \(instead) found"
      }
      if let frame = expected.frame, next.frame != frame, expected.state != "LISTEN" {
        return "\(expected.state) by frame \(frame) expected, by frame \(next.frame) found"
      }
      before = expected.state
      rest.removeFirst()
    }
    let other = rest.first { $0.evidence != .implied || $0.state.name != before }
    return other.map { "\($0.state.name) by frame \($0.frame), which is not true" }
  }
}
