import FlowTracker

/// A frame of which something is to be said.
public struct LabelledFrame: Sendable {
  public var frame: Int
  public var labels: [FrameLabel]
}

/// What can be said of a single frame.
public enum FrameLabel: String, CaseIterable, Sendable {
  case duplicateFrame = "duplicate-frame"
  case portReuse = "port-reuse"
  case retransmission
  case outOfOrder = "out-of-order"
  case gapBefore = "gap-before"
  case acknowledgesUnseen = "acks-unseen"
  case zeroWindow = "zero-window"
  case zeroWindowProbe = "zero-window-probe"
  case keepAlive = "keep-alive"

  /// Any of these facts of a segment gives it the label.
  ///
  /// None does for `portReuse`: what a SYN begins may only show later, so the connection tells.
  private var facts: SegmentFacts {
    switch self {
    case .duplicateFrame: .duplicateFrame
    case .portReuse: []
    case .retransmission: [.repeatsData, .repeatsSYN]
    case .outOfOrder: .outOfOrder
    case .gapBefore: .gapBefore
    case .acknowledgesUnseen: .acknowledgesUnseen
    case .zeroWindow: .zeroWindow
    case .zeroWindowProbe, .keepAlive: .probe
    }
  }

  /// The labels of a segment of which these facts are true.
  ///
  /// Probes of a shut window and of a silent peer may look the same (Linux makes them so); what the
  /// receiver offered last tells them apart.
  static func labels(of facts: SegmentFacts, receiverWindowIsShut: Bool) -> [FrameLabel] {
    let excluded: FrameLabel = receiverWindowIsShut ? .keepAlive : .zeroWindowProbe
    return allCases.filter { $0 != excluded && !$0.facts.isDisjoint(with: facts) }
  }
}
