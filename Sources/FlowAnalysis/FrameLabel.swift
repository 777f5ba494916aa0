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
  case fastRetransmission = "fast-retransmission"
  case tailLossProbe = "tail-loss-probe"
  case spuriousRetransmission = "spurious-retransmission"
  case outOfOrder = "out-of-order"
  case gapBefore = "gap-before"
  case acknowledgesUnseen = "acks-unseen"
  case duplicateACK = "duplicate-ack"
  case challengeACK = "challenge-ack"
  case zeroWindow = "zero-window"
  case zeroWindowProbe = "zero-window-probe"
  case zeroWindowProbeACK = "zero-window-probe-ack"
  case windowFull = "window-full"
  case windowUpdate = "window-update"
  case keepAlive = "keep-alive"
  case keepAliveACK = "keep-alive-ack"

  /// Any of these facts of a segment gives it the label.
  ///
  /// None does for `portReuse`: what a SYN begins may only show later, so the connection tells.
  private var facts: SegmentFacts {
    switch self {
    case .duplicateFrame: .duplicateFrame
    case .portReuse: []
    case .retransmission: [.repeatsData, .repeatsSYN, .repairsLoss]
    case .fastRetransmission: .fastRetransmission
    case .tailLossProbe: .tailLossProbe
    case .spuriousRetransmission: .repeatsAcknowledged
    case .outOfOrder: .outOfOrder
    case .gapBefore: .gapBefore
    case .acknowledgesUnseen: .acknowledgesUnseen
    case .duplicateACK: .duplicateACK
    case .challengeACK: .challengeACK
    case .zeroWindow: .zeroWindow
    case .zeroWindowProbe, .keepAlive: .probe
    case .zeroWindowProbeACK, .keepAliveACK: .answersProbe
    case .windowFull: .fillsWindow
    case .windowUpdate: .updatesWindow
    }
  }

  /// The facts that give a segment any label.
  static let facts = allCases.reduce(into: SegmentFacts()) { $0.formUnion($1.facts) }

  /// The labels of a segment of which these facts are true.
  ///
  /// - Parameters:
  ///   - facts: What is true of it.
  ///   - windowIsShut: Its sender offers no window with it.
  ///   - receiverWindowIsShut: Nor did its receiver last. Probes of a shut window and of a silent peer may
  ///     look the same (Linux makes them so); this tells them apart.
  /// - Returns: One of the kinds of retransmissions at most, the one that says most.
  static func labels(
    of facts: SegmentFacts, windowIsShut: Bool, receiverWindowIsShut: Bool
  ) -> [FrameLabel] {
    var excluded: [FrameLabel] = [
      receiverWindowIsShut ? .keepAlive : .zeroWindowProbe,
      windowIsShut ? .keepAliveACK : .zeroWindowProbeACK,
    ]
    if !facts.isDisjoint(with: [.fastRetransmission, .tailLossProbe, .repeatsAcknowledged]) {
      excluded.append(.retransmission)
    }
    return allCases.filter { !excluded.contains($0) && !$0.facts.isDisjoint(with: facts) }
  }
}
