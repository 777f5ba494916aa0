public import FlowAnalysis
public import FlowTracker
public import PacketParser

/// What a capture that goes on has come to so far, as numbers that a monitoring system collects.
///
/// All counts are since the capture began and never go down, other than what is said to be "now".
public struct LiveMetrics: Sendable {
  /// The interface that is captured on.
  public var interface: String
  /// The name of what its frames begin with.
  public var linkType: String
  /// When the capture began.
  public var startTime: Timestamp
  /// The time of the latest frame; `nil` before there was one.
  public var lastFrameTime: Timestamp?

  /// How many frames met each fate, indexed by `FrameFate.rawValue`.
  public var framesByFate = [Int](repeating: 0, count: FrameFate.allCases.count)
  /// Bytes that these frames had on the wire.
  public var wireBytes = 0
  /// Packets that the kernel took for this capture, those that it then dropped among them on Linux.
  public var packetsReceived = 0
  /// Packets that the kernel dropped since nobody took them in time.
  public var packetsDroppedByKernel = 0
  /// Packets that the interface or its driver dropped; `nil` where the system does not say.
  public var packetsDroppedByInterface: Int?

  /// Connections that are followed now.
  public var liveConnections = 0
  /// Memory that is now in use for them, in bytes.
  public var connectionMemoryBytes = 0
  /// In which states their clients are now.
  public var clientStates = StateCounts()
  /// In which states their servers are now.
  public var serverStates = StateCounts()

  /// Connections that have ended.
  public var connectionsEnded = 0
  /// How many of them had each outcome, indexed by the outcome's raw value.
  public var handshakes = [Int](repeating: 0, count: Handshake.Outcome.allCases.count)
  public var closes = [Int](repeating: 0, count: Closing.Outcome.allCases.count)
  /// What there was to say of connections, one by one and together.
  public var findings = FindingCounts()
  /// How long SYNs took to the server and back.
  public var serverRoundTrips = DurationHistogram()
  /// How long SYN-ACKs took to the client and back.
  public var clientRoundTrips = DurationHistogram()

  /// A capture on `interface` that has just begun.
  public init(interface: String, linkType: String, startTime: Timestamp) {
    self.interface = interface
    self.linkType = linkType
    self.startTime = startTime
  }
}

/// How many ends of connections are in which state.
public struct StateCounts: Equatable, Sendable {
  /// One for each state, and one for ends of which it is not known.
  private var counts = [Int](repeating: 0, count: EndpointState.allCases.count + 1)

  public init() {}

  /// The ends in this state; `nil` stands for those of which it is not known.
  public subscript(state: EndpointState?) -> Int {
    get { counts[Self.index(state)] }
    set { counts[Self.index(state)] = newValue }
  }

  private static func index(_ state: EndpointState?) -> Int {
    state.map { Int($0.rawValue) } ?? EndpointState.allCases.count
  }
}
