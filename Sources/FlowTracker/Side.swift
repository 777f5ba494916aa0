/// One of the two ends of a connection, by its role.
public enum Side: UInt8, Sendable, BitwiseCopyable, CaseIterable, Named {
  case client = 0
  case server = 1

  @inline(__always)
  public var peer: Side {
    self == .client ? .server : .client
  }

  public var staticName: StaticString {
    self == .client ? "client" : "server"
  }
}

/// Why the client is taken for the client.
public enum RolesEvidence: UInt8, Sendable, BitwiseCopyable, CaseIterable, Named {
  /// It sent the SYN.
  case syn
  /// Its peer sent the SYN-ACK; the SYN itself was not captured.
  case synACK
  /// Its peer's port is of a lower class (well-known, registered, ephemeral).
  case port
  /// Nothing tells but that it was the first to send.
  case firstSender

  public var staticName: StaticString {
    switch self {
    case .syn: "syn"
    case .synACK: "syn-ack"
    case .port: "port"
    case .firstSender: "first-sender"
    }
  }
}
