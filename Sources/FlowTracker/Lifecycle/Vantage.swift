import PacketParser

/// Where a connection was captured, as far as its segments tell.
///
/// An estimate: whoever reads the file was not told. A capture at a switch beside the client, with no
/// router between, looks like one on the client's host, and counts as one.
public struct Vantage: Equatable, BitwiseCopyable, Sendable {
  public var at: Place
  public var certainty: Certainty

  public enum Place: UInt8, BitwiseCopyable, CaseIterable, Sendable, Named {
    case client
    case server
    /// At neither end.
    case between
    /// Both ends are on the machine that captured.
    case loopback

    public var staticName: StaticString {
      switch self {
      case .client: "client"
      case .server: "server"
      case .between: "between"
      case .loopback: "loopback"
      }
    }
  }

  public enum Certainty: UInt8, BitwiseCopyable, Sendable, Named {
    /// Delays or hop limits say so, which only show what is usual.
    case likely
    /// What shows is seen nowhere else.
    case certain

    public var staticName: StaticString {
      switch self {
      case .likely: "likely"
      case .certain: "certain"
      }
    }
  }

  /// Whether a segment that was captured on its way to this end has arrived there.
  public func provesArrival(at side: Side) -> Bool {
    guard certainty == .certain else { return false }
    return switch at {
    case .client: side == .client
    case .server: side == .server
    case .between: false
    case .loopback: true
    }
  }
}

// MARK: - The estimate

extension Vantage {
  /// What is known of one end that depends on where it was captured.
  struct Signs {
    var address: IPAddress
    /// Whether any of its segments were captured.
    var hasSent: Bool
    /// `nil` where none was noted, or none that can be trusted.
    var hopLimit: UInt8?
    var checksums: ChecksumsSeen
    /// From here to the end and back, in the handshake.
    var roundTrip: RoundTrip?
  }

  /// The bounds of a delay, in nanoseconds.
  ///
  /// An answer that comes after a repeat may be one to either copy: it took no longer than since the
  /// first, and no less than since the last.
  struct RoundTrip {
    var atLeast: Int64
    var atMost: Int64

    init?(from first: FrameMark?, repeated last: FrameMark?, to answer: FrameMark?) {
      guard let first, let last, let answer else { return nil }
      atLeast = answer.time.nanoseconds(since: last.time)
      atMost = answer.time.nanoseconds(since: first.time)
      guard 0 <= atLeast, atLeast <= atMost else { return nil }
    }
  }

  /// A stack answers a SYN or a SYN-ACK within tens of microseconds, a busy or slow one within some
  /// hundreds; a way through a network of any size takes longer.
  fileprivate static let nearNanoseconds: Int64 = 500_000
  /// No stack takes so long but by accident.
  private static let farNanoseconds: Int64 = 1_000_000
  /// What is so many times the other is no accident.
  ///
  /// By itself neither means much: both ends of a connection within a rack are near, and a host may be
  /// held up for milliseconds.
  private static let contrast: Int64 = 10

  /// Where it was captured; `nil` where nothing tells, or one thing contradicts another.
  static func estimate(client: Signs, server: Signs) -> Vantage? {
    if isOneHost(client, server) {
      // A forged SYN may have any addresses, and come from outside; an answer to it does not.
      let isAnswered = client.hasSent && server.hasSent
      return Vantage(at: .loopback, certainty: isAnswered ? .certain : .likely)
    }
    let place = placeByDistance(client, server)
    if client.checksums.contains(.offloaded), server.checksums.contains(.offloaded) {
      // Both are on virtual links of one machine, which finish no checksums on the way; it says
      // nothing of where on that way this is.
      if let place { return Vantage(at: place, certainty: .likely) }
      return client.isNear && server.isNear ? Vantage(at: .loopback, certainty: .likely) : nil
    }
    guard let sender = endThatLeavesChecksums(client, server) else {
      return place.map { Vantage(at: $0, certainty: .likely) }
    }
    guard let place else { return Vantage(at: sender, certainty: .likely) }
    // They agree, or one of them is not what it seems.
    return place == sender ? Vantage(at: sender, certainty: .certain) : nil
  }

  /// Segments between loopback addresses, or from an address to itself, do not leave the host
  /// (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
  private static func isOneHost(_ client: Signs, _ server: Signs) -> Bool {
    client.address == server.address || client.address.isLoopback && server.address.isLoopback
  }

  /// The one end whose checksums were left to its network card, which completes them on the way out:
  /// only the machine that sends sees them so.
  private static func endThatLeavesChecksums(_ client: Signs, _ server: Signs) -> Place? {
    if client.checksums == .offloaded, server.checksums == .correct { return .client }
    if server.checksums == .offloaded, client.checksums == .correct { return .server }
    return nil
  }

  /// What delays and hop limits tell.
  private static func placeByDistance(_ client: Signs, _ server: Signs) -> Place? {
    // Routers on both sides.
    if client.isBehindRouter, server.isBehindRouter { return .between }
    guard let toClient = client.roundTrip, let toServer = server.roundTrip else { return nil }
    // What has passed a router was not captured where it was sent.
    if client.isNear, !client.isBehindRouter, isMuchFarther(toServer, than: toClient) {
      return .client
    }
    if server.isNear, !server.isBehindRouter, isMuchFarther(toClient, than: toServer) {
      return .server
    }
    // Routers on one side only: the other end is in this network, and slow to answer perhaps.
    guard client.isBehindRouter == server.isBehindRouter else { return nil }
    // One end that was held up, with the other far away, would look the same but for the contrast.
    let least = min(toClient.atLeast, toServer.atLeast)
    let isBetween =
      least >= farNanoseconds && max(toClient.atLeast, toServer.atLeast) / contrast < least
    return isBetween ? .between : nil
  }

  private static func isMuchFarther(_ other: RoundTrip, than near: RoundTrip) -> Bool {
    other.atLeast >= nearNanoseconds && other.atLeast / contrast >= near.atMost
  }
}

extension Vantage.Signs {
  /// Whether its hop limit is none that stacks begin with: each router takes one off (RFC 791 §3.2,
  /// RFC 8200 §3).
  fileprivate var isBehindRouter: Bool {
    guard let hopLimit else { return false }
    // Linux, BSD and macOS begin with 64, Windows with 128, Solaris and network devices with 255, some
    // that are old or small with 32; BGP speaks to neighbours with 1.
    return ![1, 32, 64, 128, 255].contains(hopLimit)
  }

  fileprivate var isNear: Bool {
    roundTrip.map { $0.atMost < Vantage.nearNanoseconds } ?? false
  }
}

extension Vantage {
  init?(_ live: LiveConnection, client: IPAddress, server: IPAddress) {
    let handshake = live.history.handshake
    let outcome = handshake.outcome
    // Scanners, who open nothing, choose hop limits as they please.
    let trustsHopLimits = outcome == .complete || outcome == .unseen
    func signs(of end: Int, _ address: IPAddress, _ roundTrip: RoundTrip?) -> Signs {
      Signs(
        address: address, hasSent: live.core.ends[end].knows.contains(.hasSent),
        hopLimit: trustsHopLimits ? live.history.traces[end].hopLimit : nil,
        checksums: live.history.traces[end].checksums, roundTrip: roundTrip)
    }
    let synACK = live.frameMark(handshake.synACK)
    let toClient = RoundTrip(
      from: synACK, repeated: live.frameMark(handshake.lastSYNACK),
      to: live.frameMark(handshake.ack))
    let toServer = RoundTrip(
      from: live.frameMark(handshake.syn), repeated: live.frameMark(handshake.lastSYN), to: synACK)
    let estimate = Self.estimate(
      client: signs(of: 0, client, toClient), server: signs(of: 1, server, toServer))
    guard let estimate else { return nil }
    self = estimate
  }
}
