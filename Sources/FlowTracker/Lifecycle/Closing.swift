import PacketParser

/// How a connection ended: by FINs, by a RST, or not at all.
public struct Closing: Sendable {
  private let connection: ConnectionRecord
  private var record: ClosingRecord { connection.history.closing }

  init(_ connection: ConnectionRecord) {
    self.connection = connection
  }

  /// The end whose FIN was captured first.
  public var first: Side? { record.first }
  /// The second FIN was sent before its sender had the first one (RFC 9293 §3.6, figure 13).
  public var isSimultaneous: Bool { record.isSimultaneous }
  /// The RST that was accepted.
  public var reset: FrameMark? { connection.frameMark(record.reset) }
  public var resetBy: Side { record.resetBy }
  /// The accepted RST answers a segment as a host does that has no such connection: without ACK, with the
  /// number that the segment acknowledged (RFC 9293 §3.10.7.1), and soon after it.
  public var isAnswer: Bool { record.isAnswer }
  /// Payload bytes of the other end that the sender of the first RST had, or took no more of, and had not
  /// acknowledged before, where an acknowledgment might still have been put off (RFC 9293 §3.6.1, §3.8.6.3).
  public var unreadPayload: Int { Int(record.unread) }
  /// Who sent the latest RST, accepted or not.
  public var latestResetBy: Side { record.latestResetBy }
  /// Both FINs were acknowledged before any RST.
  public var isComplete: Bool { record.isComplete }

  public enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable, Named {
    case orderly
    case simultaneous
    /// One direction was closed.
    case half
    case reset
    case none

    public var staticName: StaticString {
      switch self {
      case .orderly: "orderly"
      case .simultaneous: "simultaneous"
      case .half: "half"
      case .reset: "reset"
      case .none: "none"
      }
    }
  }

  public enum Outcome: UInt8, Sendable, BitwiseCopyable, CaseIterable, Named {
    case complete
    /// The last FIN was not acknowledged.
    case lastACKMissing
    /// The only FIN, or the first one, was not acknowledged.
    case finUnacknowledged
    /// Still open when the capture ended or the connection was put away.
    case open
    case reset

    public var staticName: StaticString {
      switch self {
      case .complete: "complete"
      case .lastACKMissing: "last-ack-missing"
      case .finUnacknowledged: "fin-unacknowledged"
      case .open: "open"
      case .reset: "reset"
      }
    }
  }

  public var kind: Kind {
    record.kind(client: knowledge(of: .client), server: knowledge(of: .server))
  }

  public var outcome: Outcome {
    record.outcome(client: knowledge(of: .client), server: knowledge(of: .server))
  }

  private func knowledge(of side: Side) -> Endpoint.Knowledge {
    connection.core.ends[Int(side.rawValue)].knows
  }
}

/// A close as it lies in the table.
struct ClosingRecord: BitwiseCopyable {
  /// The number of the latest RST, and what its receiver had sent until then.
  var resetSequence = SequenceNumber(0)
  var sentBeforeReset = SequenceNumber(0)
  /// `Closing.unreadPayload`.
  var unread: UInt32 = 0
  var reset = Milestone.none
  var resetBy = Side.client
  var first: Side?
  private var marks: Marks = []

  /// What is true of it, in a byte: a connection's record fills its cache lines.
  private struct Marks: OptionSet, BitwiseCopyable {
    var rawValue: UInt8

    static let isAbort = Marks(rawValue: 1 << 0)
    static let isAnswer = Marks(rawValue: 1 << 1)
    static let isSimultaneous = Marks(rawValue: 1 << 2)
    static let isComplete = Marks(rawValue: 1 << 3)
    static let latestResetIsServers = Marks(rawValue: 1 << 4)

    subscript(mark: Marks) -> Bool {
      get { contains(mark) }
      set { if newValue { insert(mark) } else { remove(mark) } }
    }
  }

  /// The latest RST has an ACK number: a socket has sent it, not a host without the connection.
  var isAbort: Bool {
    get { marks[.isAbort] }
    set { marks[.isAbort] = newValue }
  }
  var isAnswer: Bool {
    get { marks[.isAnswer] }
    set { marks[.isAnswer] = newValue }
  }
  var isSimultaneous: Bool {
    get { marks[.isSimultaneous] }
    set { marks[.isSimultaneous] = newValue }
  }
  var isComplete: Bool {
    get { marks[.isComplete] }
    set { marks[.isComplete] = newValue }
  }
  /// Who sent the latest RST: the numbers say nothing of a RST of the other end.
  var latestResetBy: Side {
    get { marks[.latestResetIsServers] ? .server : .client }
    set { marks[.latestResetIsServers] = newValue == .server }
  }

  func kind(client: Endpoint.Knowledge, server: Endpoint.Knowledge) -> Closing.Kind {
    if reset != .none, !isComplete { return .reset }
    switch (client.contains(.fin), server.contains(.fin)) {
    case (true, true): return isSimultaneous ? .simultaneous : .orderly
    case (true, false), (false, true): return .half
    case (false, false): return .none
    }
  }

  func outcome(client: Endpoint.Knowledge, server: Endpoint.Knowledge) -> Closing.Outcome {
    if isComplete { return .complete }
    if reset != .none { return .reset }
    guard let first else { return .open }
    let opener = first == .client ? client : server
    let other = first == .client ? server : client
    guard opener.contains(.finAcknowledged) else { return .finUnacknowledged }
    return other.contains(.fin) ? .lastACKMissing : .open
  }
}
