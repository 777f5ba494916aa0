/// When a silent connection is put away, in seconds of capture time, and how many are kept.
public struct TrackerLimits: Sendable, BitwiseCopyable {
  /// A handshake that is not complete: at least three minutes, as long as RFC 9293 §3.8.3 wants a
  /// SYN to be retried.
  public var openingSeconds: Int64 = 180
  /// An open connection: RFC 5382 REQ-5 has every middlebox keep one for 2 hours 4 minutes, two
  /// hours being the default interval of keep-alives.
  public var openSeconds: Int64 = 7_440
  /// Both ends have sent a FIN, and the last acknowledgment is missing.
  public var closingSeconds: Int64 = 180
  /// Closed or reset: the 2·MSL of TIME-WAIT as Linux has it.
  ///
  /// Late segments of the connection still find it.
  public var closedSeconds: Int64 = 60
  /// Connections that are kept although they are closed; beyond them the oldest go early, as Linux
  /// has it with `tcp_max_tw_buckets`.
  public var maximumClosedConnections = 32_768
  /// Connections in memory at one time.
  ///
  /// One more puts away the oldest of those that matter least.
  public var maximumConnections = 1_000_000

  public init() {}

  func nanoseconds(of stage: LifeStage) -> Int64 {
    switch stage {
    case .opening: openingSeconds &* 1_000_000_000
    case .open: openSeconds &* 1_000_000_000
    case .closing: closingSeconds &* 1_000_000_000
    case .closed: closedSeconds &* 1_000_000_000
    }
  }
}

/// How far a connection has come, as far as its expiry is concerned.
public enum LifeStage: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// The handshake is not complete, or there was none and nothing was sent.
  case opening
  case open
  /// Both ends have sent a FIN.
  case closing
  /// Both ends have closed, or one has reset the connection.
  case closed

  /// The stages that have a queue of their own, in the order in which room is made.
  static let queued: [LifeStage] = [.opening, .closed, .open]

  /// Which queue a connection of this stage waits in.
  ///
  /// The last few segments of a close would move it twice, so those who are closing wait with those
  /// who have closed, and are looked at as often.
  @inline(__always)
  var queueIndex: Int {
    switch self {
    case .opening: 0
    case .open: 1
    case .closing, .closed: 2
    }
  }
}

/// Why a connection was put away.
public enum EndReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// It was closed or reset, and 2·MSL passed or the tuple was used again.
  case closed
  /// It was silent for longer than its stage allows.
  case idle
  /// The capture ended.
  case captureEnded
  /// The table was full.
  case tableFull
  /// A new connection of the same tuple took its place although it had not ended.
  case replaced

  public var name: String {
    switch self {
    case .closed: "closed"
    case .idle: "idle"
    case .captureEnded: "capture-ended"
    case .tableFull: "table-full"
    case .replaced: "replaced"
    }
  }
}
