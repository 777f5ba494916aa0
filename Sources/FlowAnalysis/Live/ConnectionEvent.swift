public import FlowTracker
public import PacketParser

/// Something that has just become known of a connection.
public struct ConnectionEvent: Sendable {
  /// The connection's number in its capture, from 1.
  public var connection: Int
  public var client: SocketAddress
  public var server: SocketAddress
  /// When the connection's latest segment came; of what is missing, until when it had been waited for.
  public var time: Timestamp
  public var kind: Kind

  /// What has become known.
  public enum Kind: Sendable {
    /// An end has entered a state.
    case entered(Side, Transition)
    /// An end has not been in a state of which `entered` was told: what seemed to put it there had not arrived.
    case withdrew(Side, EndpointState)
    /// Both ends have what they need of the handshake.
    case completedHandshake(Handshake)
    /// Both ends have closed, or one has reset it; its report comes later, since late segments may still belong to it.
    case closed(ConnectionReport.Close)
    /// It has not been closed after all, though `closed` told so.
    case reopened
    /// Something is worth saying of it.
    case found(Finding)
    /// What `found` told of does not hold any more: what was missing has come, the silence has ended.
    case withdrewFinding(FindingRule)
  }
}

/// Hears of events as they become known, beside the sink that gets what connections have come to.
///
/// It is called on the thread that analyzes the capture. All events of a connection come before the sink
/// hears that it has ended; of SYNs that nobody answers, which a sink may want only counted, none but the
/// states are told.
public protocol EventReceiver {
  mutating func happened(_ event: ConnectionEvent)
  /// Many connections together show something; the sink hears of it again when the capture is over, with
  /// its final figures.
  mutating func happened(_ event: CaptureEvent)
}

extension EventReceiver {
  /// Nothing is done with it where a receiver does not say otherwise.
  public mutating func happened(_ event: CaptureEvent) {}
}
