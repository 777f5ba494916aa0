public import FlowTracker
public import PacketParser

/// One segment of a connection, as far as its story needs it.
public struct LoggedSegment: BitwiseCopyable, Sendable {
  public var mark: FrameMark
  /// Since the connection's segment before it; negative where the capture's clock ran backwards.
  public var nanosecondsSincePrevious: Int64
  public var sequence: SequenceNumber
  /// Meaningful only with `TCPFlags.ack`.
  public var acknowledgment: SequenceNumber
  public var payloadLength: UInt32
  public var facts: SegmentFacts
  /// The first SACK block, if `sackBlockCount` says that there is one.
  public var sackBlock: SACKBlock
  public var flags: TCPFlags
  /// The window field as it stands, before scaling.
  public var window: UInt16
  /// The options, and the values of those that a SYN offers.
  public var options: TCPOptionSet
  public var maximumSegmentSize: UInt16
  public var windowScale: UInt8
  public var fastOpenCookieLength: UInt8
  public var sackBlockCount: UInt8
  public var sender: Side
  /// The last window that the receiver offered was 0.
  public var receiverWindowIsShut: Bool
  public var hasWrongChecksum: Bool

  init(
    _ segment: Segment, from sender: Side, _ facts: SegmentFacts, sincePrevious: Int64,
    receiverWindowIsShut: Bool
  ) {
    mark = FrameMark(frame: segment.frame, time: segment.time)
    nanosecondsSincePrevious = sincePrevious
    sequence = segment.sequence
    acknowledgment = segment.acknowledgment
    payloadLength = segment.payloadLength
    self.facts = facts
    sackBlock = segment.options.sackBlocks[0]
    flags = segment.flags
    window = segment.window
    options = segment.options.present
    maximumSegmentSize = segment.options.maximumSegmentSize
    windowScale = segment.options.windowScale
    fastOpenCookieLength = segment.options.fastOpenCookieLength
    sackBlockCount = segment.options.sackBlockCount
    self.sender = sender
    self.receiverWindowIsShut = receiverWindowIsShut
    hasWrongChecksum = segment.checksumStatus == .wrong
  }

  /// A connection that was silent for so long before the segment is worth a word.
  static let remarkablePause: Int64 = 1_000_000_000

  public var followsPause: Bool { nanosecondsSincePrevious >= Self.remarkablePause }

  public var isControl: Bool { !flags.isDisjoint(with: [.syn, .fin, .rst]) }

  /// Whether anything is to be said of it beyond what its header says.
  public var isRemarkable: Bool {
    let remarkable = FrameLabel.facts.union(SegmentRemark.facts).subtracting(.updatesWindow)
    return !facts.isDisjoint(with: remarkable) || followsPause
  }

  public var labels: [FrameLabel] {
    FrameLabel.labels(
      of: facts, windowIsShut: window == 0, receiverWindowIsShut: receiverWindowIsShut)
  }

  public var remarks: [SegmentRemark] {
    SegmentRemark.allCases.filter { !$0.facts.isDisjoint(with: facts) }
  }
}

/// What can be said of a segment beside its `FrameLabel`s: where it stands in the life of its
/// connection.
public enum SegmentRemark: String, CaseIterable, Sendable {
  case newIncarnation = "port-reuse"
  case changesInitialSequence = "syn-isn-changed"
  case synOnSynchronized = "syn-on-established"
  case resetAccepted = "reset-accepted"
  case resetInexact = "reset-inexact"
  case resetIgnored = "reset-out-of-window"
  case outsideWindow = "outside-window"
  case wrongAcknowledgment = "wrong-ack"
  case dataAfterFIN = "data-after-fin"
  case movesFIN = "fin-moved"
  case finAheadOfData = "fin-out-of-order"
  case payloadAfterOwnReset = "data-after-reset-sent"
  case acknowledgesBeyondFIN = "ack-beyond-fin"
  case acknowledgesLess = "ack-regression"
  case lacksACK = "no-ack-flag"
  case acknowledgmentAlone = "ack-field-without-flag"
  case urgentPointerAlone = "urgent-pointer-without-flag"
  case reservedBits = "reserved-bits-set"
  case malformedOption = "option-malformed"
  case misplacedOption = "option-misplaced"
  case unnegotiatedSACK = "sack-not-negotiated"
  case lacksTimestamp = "timestamp-missing"
  case timestampBackwards = "timestamp-backwards"
  case reportsDuplicate = "dsack"
  case exceedsWindow = "data-beyond-window"
  case shrinksWindow = "window-shrunk"
  case opensWindowSlightly = "silly-window"
  case shutsWindowOnFIN = "window-slam"
  case unnegotiatedECN = "ecn-inconsistent"
  case prematurePayload = "data-before-established"
  case refusesOtherSYN = "reset-wrong-ack"
  case reneges = "sack-reneging"
  case endsTimeWait = "time-wait-assassinated"
  case capturedLate = "capture-reordered"
  case repeatsOtherwise = "retransmission-differs"
  case afterClose = "after-close"

  var facts: SegmentFacts {
    switch self {
    case .newIncarnation: .newIncarnation
    case .changesInitialSequence: .changesInitialSequence
    case .synOnSynchronized: .synOnSynchronized
    case .resetAccepted: .acceptableReset
    case .resetInexact: .inexactReset
    case .resetIgnored: .ignoredReset
    case .outsideWindow: .outsideWindow
    case .wrongAcknowledgment: .wrongAcknowledgment
    case .dataAfterFIN: .dataAfterFIN
    case .movesFIN: .movesFIN
    case .finAheadOfData: .finAheadOfData
    case .payloadAfterOwnReset: .payloadAfterOwnReset
    case .acknowledgesBeyondFIN: .acknowledgesBeyondFIN
    case .acknowledgesLess: .acknowledgesLess
    case .lacksACK: [.lacksACK, .lacksACKOnFIN]
    case .acknowledgmentAlone: .acknowledgmentAlone
    case .urgentPointerAlone: .urgentPointerAlone
    case .reservedBits: .reservedBits
    case .malformedOption: .malformedOption
    case .misplacedOption: .misplacedOption
    case .unnegotiatedSACK: .unnegotiatedSACK
    case .lacksTimestamp: .lacksTimestamp
    case .timestampBackwards: .timestampBackwards
    case .reportsDuplicate: .reportsDuplicate
    case .exceedsWindow: .exceedsWindow
    case .shrinksWindow: .shrinksWindow
    case .opensWindowSlightly: .opensWindowSlightly
    case .shutsWindowOnFIN: .shutsWindowOnFIN
    case .unnegotiatedECN: .unnegotiatedECN
    case .prematurePayload: .prematurePayload
    case .refusesOtherSYN: .refusesOtherSYN
    case .reneges: .reneges
    case .endsTimeWait: .endsTimeWait
    case .capturedLate: .capturedLate
    case .repeatsOtherwise: .repeatsOtherwise
    case .afterClose: .afterClose
    }
  }

  static let facts = allCases.reduce(into: SegmentFacts()) { $0.formUnion($1.facts) }
}
