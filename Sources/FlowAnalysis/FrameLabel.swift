import FlowTracker

/// A frame of which something is to be said.
public struct LabelledFrame: Sendable {
  public var frame: Int
  public var labels: [FrameLabel]
}

/// The labelled frames of one connection.
public struct FrameLabels: Sendable {
  /// More than these a connection does not name: a long transfer over a bad line would fill memory.
  public static let limit = 10_000

  /// In order.
  public private(set) var frames: [LabelledFrame] = []
  /// Frames that have labels beyond the limit.
  public private(set) var omitted = 0

  mutating func append(_ frame: LabelledFrame) {
    if frames.count < Self.limit { frames.append(frame) } else { omitted += 1 }
  }

  mutating func prepend(_ frame: LabelledFrame) {
    frames.insert(frame, at: 0)
  }
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

  /// The facts that give a segment any label.
  static let facts = allCases.reduce(into: SegmentFacts()) { $0.formUnion($1.facts) }

  /// The labels of a segment of which these facts are true.
  ///
  /// Probes of a shut window and of a silent peer may look the same (Linux makes them so); what the
  /// receiver offered last tells them apart.
  static func labels(of facts: SegmentFacts, receiverWindowIsShut: Bool) -> [FrameLabel] {
    let excluded: FrameLabel = receiverWindowIsShut ? .keepAlive : .zeroWindowProbe
    return allCases.filter { $0 != excluded && !$0.facts.isDisjoint(with: facts) }
  }
}
