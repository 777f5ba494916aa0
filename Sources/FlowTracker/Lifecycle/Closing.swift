import PacketParser

/// How a connection ended: by FINs, by a RST, or not at all.
public struct Closing: BitwiseCopyable, Sendable {
  /// The end whose FIN was captured first.
  public internal(set) var first: Side?
  /// The second FIN was sent before its sender had the first one (RFC 9293 §3.6, figure 13).
  public internal(set) var isSimultaneous = false
  /// Both FINs were acknowledged before any RST.
  public internal(set) var isComplete = false
  public internal(set) var resetBy = Side.client
  /// The number of the latest RST.
  var resetSequence = SequenceNumber(0)
  /// The RST that was accepted.
  @OptionalMark public internal(set) var reset: FrameMark?

  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    case orderly
    case simultaneous
    /// One direction was closed.
    case half
    case reset
    case none

    public var name: String {
      switch self {
      case .orderly: "orderly"
      case .simultaneous: "simultaneous"
      case .half: "half"
      case .reset: "reset"
      case .none: "none"
      }
    }
  }

  public enum Outcome: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case complete
    /// The last FIN was not acknowledged.
    case lastACKMissing
    /// The only FIN, or the first one, was not acknowledged.
    case finUnacknowledged
    /// Still open when the capture ended or the connection was put away.
    case open
    case reset

    public var name: String {
      switch self {
      case .complete: "complete"
      case .lastACKMissing: "last-ack-missing"
      case .finUnacknowledged: "fin-unacknowledged"
      case .open: "open"
      case .reset: "reset"
      }
    }
  }

  init() {}

  package func kind(client: Endpoint, server: Endpoint) -> Kind {
    if reset != nil, !isComplete { return .reset }
    switch (client.knows.contains(.fin), server.knows.contains(.fin)) {
    case (true, true): return isSimultaneous ? .simultaneous : .orderly
    case (true, false), (false, true): return .half
    case (false, false): return .none
    }
  }

  package func outcome(client: Endpoint, server: Endpoint) -> Outcome {
    if isComplete { return .complete }
    if reset != nil { return .reset }
    guard let first else { return .open }
    let opener = first == .client ? client : server
    let other = first == .client ? server : client
    guard opener.knows.contains(.finAcknowledged) else { return .finUnacknowledged }
    return other.knows.contains(.fin) ? .lastACKMissing : .open
  }
}
