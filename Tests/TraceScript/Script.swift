public import PacketParser

/// A conversation written as tcpdump and packetdrill write it, and what its lines are to cause.
///
/// ```
/// >      S  0:0(0) win 65535 <mss 1460,wscale 7>  ! client SYN-SENT, server LISTEN
/// <      S. 0:0(0) ack 1 <mss 1460>               ! server SYN-RECEIVED, client ESTABLISHED
/// >      .  1:1(0) ack 1                          ! server ESTABLISHED
/// +0.2 < P. 1:101(100) ack 1 ttl 55 id 7          // a comment
/// dup                                             ! duplicateFrame
/// +60                                             ! client CLOSED
/// ```
///
/// - `>` goes from the client's host to the server's, `<` the other way.
/// - `+seconds` is the time since the line before; without it a millisecond has passed (10 µs for
///   `dup`, which repeats the frame before it exactly). A line with nothing but a time is a pause.
/// - The flags are tcpdump's: `S F R P . U E W e`, or `-` for none.
/// - Sequence numbers count from the initial one of their side, as `ScriptSettings` has it for the place that
///   it names (each other one has its own); where both
///   sides are one socket (`client 2 port 80`), from the one of the side that sends.
/// - `ack N`, `win N`, `urg N` are header fields, `unflagged N` is an acknowledgment number without ACK,
///   `reserved` a reserved bit, `altered N` another byte N of the payload than at its place before, `<…>`
///   the options; `id N` and `ttl N` are the IP
///   header's (without `id` each side counts as Linux does, a SYN-ACK having 0); `offloaded` leaves the
///   checksum to the network card; `vlan N` wraps the frame; `port N` is another port of the client,
///   `service N` one of the server, `client N` and `server N` are other hosts: another connection.
/// - After `!`, separated by commas: the states an end enters, `connection N` (from here on the
///   segments are of the connection met N-th), names of facts (`repeatsData`), and findings that the
///   line completes the proof of (`zero-window`), with a severity where it is not the usual one and with
///   whoever is to blame where that matters: `fin-unacked note by unknown`.
public struct Script: Sendable {
  public var lines: [ScriptLine]

  /// Reads a script; `settings` say what it leaves open.
  public init(_ text: String, settings: ScriptSettings = ScriptSettings()) throws(ScriptError) {
    var reader = ScriptReader(settings: settings)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      try reader.read(line, number: index + 1)
    }
    lines = reader.lines
  }

  /// The segments, with the frame numbers they would have in a file.
  public var segments: [Segment] { lines.compactMap(\.frame?.segment) }

  /// The frames, for a `CaptureBytes` to write.
  public var frames: [CapturedFrame] { lines.compactMap(\.frame?.captured) }
}

/// What a script does not say.
public struct ScriptSettings: Sendable {
  public var clientInitialSequence: UInt32 = 1_000_000
  public var serverInitialSequence: UInt32 = 3_000_000_000
  /// Whether connections of other hosts or ports have other ones, as all do but those that a NAT rewrites.
  public var variesInitialSequences = true
  public var ipVersion = IPVersion.v4
  public var clientPort: UInt16 = 40000
  public var serverPort: UInt16 = 80
  public var start = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)

  public init() {}

  public func client(host: UInt32 = 1, port: UInt16? = nil) -> SocketAddress {
    address(host, port: port ?? clientPort)
  }

  public var server: SocketAddress { server() }

  public func server(host: UInt32 = 2, port: UInt16? = nil) -> SocketAddress {
    address(host, port: port ?? serverPort)
  }

  /// Addresses that are kept for documentation (RFC 5737, RFC 3849); where there are too few of them,
  /// for benchmarks (RFC 2544 §C.2.2).
  private func address(_ host: UInt32, port: UInt16) -> SocketAddress {
    switch ipVersion {
    case .v4:
      SocketAddress(
        address: IPAddress(v4: (host < 256 ? 0xc000_0200 : 0xc612_0000) + host), port: port)
    case .v6:
      SocketAddress(address: IPAddress(v6: 0x2001_0db8_0000_0000, UInt64(host)), port: port)
    }
  }
}

/// One line of a script: a frame or a pause, and what it is to cause.
public struct ScriptLine: Sendable {
  /// Its place in the text, from 1.
  public var number: Int
  /// The line without what stands after `!`.
  public var text: String
  public var time: Timestamp
  /// `nil` for a pause.
  public var frame: ScriptFrame?
  public var expectations: [ScriptExpectation]
}

/// What is written after `!`.
public enum ScriptExpectation: Hashable, Sendable {
  case states(end: String, names: [String])
  case connection(Int)
  case fact(String)
  case finding(id: String, severity: String?, blame: String?)
}

/// A script that cannot be read: where, and why.
public struct ScriptError: Error, Equatable, CustomStringConvertible {
  public var line: Int
  public var column: Int
  public var message: String

  public init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }

  public var description: String { "script line \(line), column \(column): \(message)" }
}
