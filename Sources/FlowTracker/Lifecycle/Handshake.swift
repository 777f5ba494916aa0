import PacketParser

/// How a connection was opened: the frames that did it.
public struct Handshake: Sendable {
  private let connection: ConnectionRecord
  private var record: HandshakeRecord { connection.history.handshake }

  init(_ connection: ConnectionRecord) {
    self.connection = connection
  }

  /// The first SYN of the attempt that counts.
  public var syn: FrameMark? { mark(record.syn) }
  /// The SYN repeated last before its answer, which may answer either.
  public var lastSYN: FrameMark? { mark(record.lastSYN) }
  /// The first SYN-ACK that acknowledges the SYN.
  public var synACK: FrameMark? { mark(record.synACK) }
  /// The SYN-ACK repeated last, before it was acknowledged.
  public var lastSYNACK: FrameMark? { mark(record.lastSYNACK) }
  /// The first segment of the client that acknowledges the SYN-ACK: alone, with data, or with FIN.
  public var ack: FrameMark? { mark(record.ack) }
  /// An ICMP error that quoted the SYN before anything answered it.
  public var rejection: FrameMark? { mark(record.rejection) }
  public var traits: Traits { record.traits }

  private func mark(_ milestone: Milestone) -> FrameMark? {
    connection.frameMark(milestone)
  }

  public struct Traits: OptionSet, BitwiseCopyable, Sendable {
    public var rawValue: UInt16

    public init(rawValue: UInt16) {
      self.rawValue = rawValue
    }

    /// Both ends sent a SYN without ACK (RFC 9293 §3.5).
    public static let bothSentSYN = Traits(rawValue: 1 << 0)
    /// The second of the two SYNs came from an end that then sent no SYN-ACK, as one does that had
    /// the first SYN and answered it: a split handshake rather than a simultaneous open.
    public static let split = Traits(rawValue: 1 << 1)
    /// The server answered data on the SYN with a SYN-ACK that covers it (RFC 7413).
    public static let dataAccepted = Traits(rawValue: 1 << 2)
    /// A RST answered the SYN.
    public static let refused = Traits(rawValue: 1 << 3)
    /// A RST ended it between the SYN-ACK and its completion.
    public static let aborted = Traits(rawValue: 1 << 4)
    /// Both ends are known to have completed it.
    public static let complete = Traits(rawValue: 1 << 5)
    /// The first segment that acknowledged the SYN-ACK brought payload or a FIN.
    public static let completedByData = Traits(rawValue: 1 << 6)
    /// The client rejected a SYN-ACK that answered another SYN than its own, by a RST (RFC 9293 §3.5,
    /// figure 8).
    public static let rejectedAnswer = Traits(rawValue: 1 << 7)
    /// The client rejected an acknowledgment of a connection that it knew nothing of, while it waited for
    /// the answer to its SYN (RFC 9293 §3.5.1, figure 9).
    public static let rejectedOldACK = Traits(rawValue: 1 << 8)
  }

  public enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable, Named {
    case threeWay
    case simultaneous
    case split
    case fastOpen
    /// The capture began later.
    case unseen

    public var staticName: StaticString {
      switch self {
      case .threeWay: "three-way"
      case .simultaneous: "simultaneous"
      case .split: "split"
      case .fastOpen: "fast-open"
      case .unseen: "unseen"
      }
    }
  }

  public enum Outcome: UInt8, Sendable, BitwiseCopyable, CaseIterable, Named {
    case complete
    /// The SYN-ACK was never acknowledged.
    case halfOpen
    case unanswered
    case refused
    /// A RST came before it was complete.
    case aborted
    /// By an ICMP error.
    case rejected
    /// The capture began later.
    case unseen

    public var staticName: StaticString {
      switch self {
      case .complete: "complete"
      case .halfOpen: "half-open"
      case .unanswered: "unanswered"
      case .refused: "refused"
      case .aborted: "aborted"
      case .rejected: "rejected"
      case .unseen: "unseen"
      }
    }
  }

  public var kind: Kind {
    guard record.wasSeen else { return .unseen }
    if traits.contains(.split) { return .split }
    if traits.contains(.bothSentSYN) { return .simultaneous }
    return traits.contains(.dataAccepted) ? .fastOpen : .threeWay
  }

  public var outcome: Outcome { record.outcome }

  /// Nanoseconds from the SYN to the SYN-ACK: the way to the server and back.
  ///
  /// Unknown if the SYN was repeated, since either copy may have drawn the answer (Karn's rule,
  /// RFC 6298 §3), and if the capture's clock ran backwards.
  public var serverRoundTripNanoseconds: Int64? {
    Self.roundTrip(from: syn, repeated: lastSYN, to: synACK)
  }

  /// Nanoseconds from the SYN-ACK to its acknowledgment, by the same rule: the way to the client and
  /// back.
  public var clientRoundTripNanoseconds: Int64? {
    Self.roundTrip(from: synACK, repeated: lastSYNACK, to: ack)
  }

  private static func roundTrip(
    from question: FrameMark?, repeated: FrameMark?, to answer: FrameMark?
  ) -> Int64? {
    guard let question, let answer, repeated?.frame == question.frame else { return nil }
    let nanoseconds = answer.time.nanoseconds(since: question.time)
    return nanoseconds < 0 ? nil : nanoseconds
  }
}

/// A handshake as it lies in the table.
struct HandshakeRecord: BitwiseCopyable {
  var syn = Milestone.none
  var lastSYN = Milestone.none
  var synACK = Milestone.none
  var lastSYNACK = Milestone.none
  var ack = Milestone.none
  var rejection = Milestone.none
  var traits: Handshake.Traits = []

  var wasSeen: Bool { syn != .none || synACK != .none }

  var outcome: Handshake.Outcome {
    guard wasSeen else { return .unseen }
    if traits.contains(.complete) { return .complete }
    if traits.contains(.aborted) { return .aborted }
    if traits.contains(.refused) { return .refused }
    if synACK != .none || traits.contains(.bothSentSYN) { return .halfOpen }
    return rejection == .none ? .unanswered : .rejected
  }

  var milestones: InlineArray<6, Milestone> { [syn, lastSYN, synACK, lastSYNACK, ack, rejection] }
}
