public import PacketParser

/// Where a capture that is running stands.
public struct LiveStatus: Sendable {
  /// On the clock of the frames.
  public var time: Timestamp
  /// Frames that came to the interface and matched the filter, as libpcap counts them.
  public var received: Int
  public var loss: CaptureLoss
  /// Frames read, and what has come of the connections that have ended.
  public var totals: TraceSummary
  /// Connections that are alive.
  public var alive: Int
  /// Their states.
  public var states: StatePairs
}

extension TraceAnalyzer {
  /// Where the capture stands, of which libpcap has received so many frames.
  public func status(at time: Timestamp, received: Int) -> LiveStatus {
    LiveStatus(
      time: time, received: received, loss: loss, totals: totals(), alive: aliveCount,
      states: states)
  }
}
