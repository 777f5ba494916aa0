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
  /// Connections that are kept although they closed more than a second ago; beyond them the oldest go
  /// early, as Linux has it with `tcp_max_tw_buckets`.
  ///
  /// Few enough to stay in the cache: their places are the next to be used. Of those that closed within the
  /// last second, in which a lost last acknowledgment has the FIN come again, eight times as many are kept.
  public var maximumClosedConnections = 8_192
  /// Handshakes in memory at one time that are not complete; one more puts away the oldest of them.
  ///
  /// So many bear a second of a flood of as many SYNs, after which an answer is overdue, and take some 35 MB
  /// where the table caches most of them, else 170 MB.
  public var maximumHalfOpenConnections = 262_144
  /// Handshakes that are not complete and take as much memory as any connection, where the table caches the
  /// SYNs of further ones.
  ///
  /// More than a busy server has at one time: what is answered soon need not wait in a cache first.
  public var uncachedHalfOpenConnections = 16_384
  /// Connections in memory at one time.
  ///
  /// One more puts away the oldest of those that matter least.
  public var maximumConnections = 1_000_000
  /// What connections may take of memory, in bytes; beyond it those that matter least go early, before the
  /// next one begins.
  public var maximumMemory = Int.max

  public init() {}

  /// So long a closed connection stays whatever there are of them, but for eight times the maximum.
  static let freshlyClosed: Int64 = 1_000_000_000

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
  /// There were too many connections, or they took too much memory.
  case tableFull
  /// There were too many handshakes that were not complete.
  case tooManyHalfOpen
  /// A new connection of the same tuple took its place although it had not ended.
  case replaced

  public var name: String {
    switch self {
    case .closed: "closed"
    case .idle: "idle"
    case .captureEnded: "capture-ended"
    case .tableFull: "table-full"
    case .tooManyHalfOpen: "too-many-half-open"
    case .replaced: "replaced"
    }
  }
}
