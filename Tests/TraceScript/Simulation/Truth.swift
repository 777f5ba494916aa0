public import PacketParser

/// The states of RFC 9293 §3.3.2.
///
/// The simulator has its own, and its own arrows, so that it owes nothing to what it is to test.
public enum TrueState: String, Sendable {
  case closed = "CLOSED"
  case listen = "LISTEN"
  case synSent = "SYN-SENT"
  case synReceived = "SYN-RECEIVED"
  case established = "ESTABLISHED"
  case finWait1 = "FIN-WAIT-1"
  case finWait2 = "FIN-WAIT-2"
  case closeWait = "CLOSE-WAIT"
  case closing = "CLOSING"
  case lastACK = "LAST-ACK"
  case timeWait = "TIME-WAIT"
}

/// An endpoint did enter a state.
public struct TrueTransition: Sendable {
  public var state: TrueState
  public var time: Timestamp
  /// The segment that showed or caused it; `nil` for a timer or a silent application.
  public var cause: Cause?
}

/// What moved an endpoint.
public enum Cause: Hashable, Sendable {
  /// What reached it had been captured in this frame.
  case arrival(frame: Int)
  /// It sent this; the transmissions of both ends have numbers of their own.
  case sending(Int)
}

/// A segment where it was captured.
public struct CapturedSegment: Sendable {
  public var segment: Segment
  public var transmission: Int
  public var fromClient: Bool
  /// Whether it, or a copy that was made behind the capture, got to its receiver.
  public internal(set) var hasArrived = false
}
