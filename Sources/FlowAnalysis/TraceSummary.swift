import FlowTracker
public import PacketParser

/// What a whole capture came to.
public struct TraceSummary: Sendable {
  /// The name under which the capture was given.
  public var capture: String
  /// What its frames begin with; `nil` when the file could not even be opened.
  public var linkType: String?
  /// The earliest and the latest time of a frame; `nil` without frames.
  public var firstTime: Timestamp?
  public var lastTime: Timestamp?
  /// Frames read from the capture, those that a filter held back included.
  public var framesRead = 0
  /// Frames that the capture filter held back.
  public var framesFiltered = 0
  /// How many frames met each fate, indexed by `FrameFate.rawValue`.
  ///
  /// With `framesFiltered` they add up to `framesRead`.
  public var framesByFate = [Int](repeating: 0, count: FrameFate.allCases.count)
  /// How many segments had a TCP checksum of each status, indexed by `ChecksumStatus.rawValue`.
  public var segmentsByChecksum = [Int](repeating: 0, count: ChecksumStatus.allCases.count)
  /// Frames that the capture has lost, as far as it says so.
  public var loss = CaptureLoss()
  public var connections = 0
  /// How many connections had each outcome, indexed by the outcome's raw value.
  public var handshakes = [Int](repeating: 0, count: Handshake.Outcome.allCases.count)
  public var closes = [Int](repeating: 0, count: Closing.Outcome.allCases.count)
  /// The same of the connections that were open: whose handshake was complete or came before the
  /// capture.
  public var closesOfOpened = [Int](repeating: 0, count: Closing.Outcome.allCases.count)
  /// How many connections were put away for each reason, indexed by `EndReason.rawValue`.
  public var endReasons = [Int](repeating: 0, count: EndReason.allCases.count)
  /// What there was to say of connections, one by one and together.
  public var findings = FindingCounts()
  /// Findings across connections that were too many to be told.
  public var untoldFindings = 0
  /// Why the capture could not be read to its end; `nil` when it was.
  public var error: String?
  /// The error is of an interface, or of what its capture was for: nothing that was captured is damaged.
  public var isInterrupted = false

  public init(capture: String, linkType: String?) {
    self.capture = capture
    self.linkType = linkType
  }
}
