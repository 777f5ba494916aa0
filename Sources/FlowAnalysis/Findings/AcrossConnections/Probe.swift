import FlowTracker
import PacketParser

/// What a host did that, done to many targets, is a scan or the echo of a flood.
enum Behaviour: UInt8, CaseIterable {
  /// It sent a SYN.
  case opens
  /// It sent segments outside any connection, with no flag at all.
  case null
  /// With FIN, PSH and URG.
  case xmas
  /// With FIN alone.
  case fin
  /// With ACK alone.
  case ack
  /// With FIN and ACK, as Uriel Maimon proposed it.
  case maimon
  /// It answered SYNs that nobody had sent.
  case answers

  /// So many targets in a row make it remarkable, at most a minute from the first to the last.
  var threshold: Int {
    switch self {
    case .opens, .answers: 15
    case .null, .xmas, .fin, .ack, .maimon: 3
    }
  }

  /// Segments like these have an innocent explanation, unless all came from one port, as none do that
  /// belong to connections.
  var needsOnePort: Bool {
    switch self {
    case .ack, .maimon, .answers: true
    case .opens, .null, .xmas, .fin: false
    }
  }
}

/// What became of a probe.
enum Reply: UInt8 {
  /// A SYN-ACK.
  case open
  /// A RST.
  case closed
  /// An ICMP error, or nothing at all where a port would have answered.
  case filtered
  /// Nothing, which an open port would give too.
  case none
  /// The connection was put to use: it was no probe.
  case used
}

/// A connection as a probe: who sent it to whom, and what came back.
struct Probe: BitwiseCopyable {
  let behaviour: Behaviour
  let reply: Reply
  let source: SocketAddress
  let target: SocketAddress
  let connection: Int
  let mark: FrameMark
  /// No operating system sends such a SYN: it has no options, or none but the segment size.
  let isCrafted: Bool
  /// The source broke the handshake off.
  let isAborted: Bool

  /// The connection as a probe; `nil` where it cannot be one, or where the capture ends too early to
  /// tell.
  init?(_ outline: inout ConnectionOutline, until: Timestamp) {
    if outline.handshake == .unseen {
      self.init(stray: &outline)
    } else if outline.rolesEvidence == .synACK {
      self.init(answer: &outline)
    } else {
      self.init(attempt: &outline, until: until)
    }
  }

  private init(
    _ behaviour: Behaviour, _ reply: Reply, _ outline: borrowing ConnectionOutline,
    _ own: ConnectionOutline.End, _ peer: ConnectionOutline.End
  ) {
    self.behaviour = behaviour
    self.reply = reply
    source = own.socket
    target = peer.socket
    connection = outline.number
    mark = outline.first
    isCrafted =
      behaviour == .opens
      && own.offered.map { $0.subtracting(.maximumSegmentSize).isEmpty } ?? false
    let handshake = outline.handshake
    isAborted = behaviour == .opens && handshake == .aborted
  }

  private init?(attempt outline: inout ConnectionOutline, until: Timestamp) {
    guard outline.rolesEvidence == .syn else { return nil }
    let reply: Reply
    switch outline.handshake {
    case .refused: reply = .closed
    case .rejected: reply = .filtered
    case .aborted, .halfOpen: reply = .open
    case .unanswered:
      // Where only one direction was captured, what follows the SYN shows that it was answered.
      guard !outline.client.flagsSeen.contains(.ack) else { return nil }
      reply = .filtered
    case .complete:
      let isUsed = outline.client.payload > 0 || outline.close == .open
      reply = isUsed ? .used : .open
    case .unseen: return nil
    }
    self.init(.opens, reply, outline, outline.client, outline.server)
    let hasTime = until.nanoseconds(since: outline.first.time) >= Subject.retransmissionTime
    if reply == .filtered, !hasTime, !isCrafted, outline.handshake != .rejected { return nil }
  }

  /// A SYN-ACK to a host that says nothing, or nothing but a RST.
  private init?(answer outline: inout ConnectionOutline) {
    let (server, client) = (outline.server, outline.client)
    guard server.flagsSeen == [.syn, .ack], server.payload == 0,
      client.flagsSeen.isSubset(of: [.rst, .ack]), !client.hasSpoken
    else { return nil }
    self.init(.answers, .none, outline, server, client)
  }

  /// A few segments outside any connection, which a RST answers or nothing.
  private init?(stray outline: inout ConnectionOutline) {
    let sender = outline.firstSender
    let (own, peer) = (outline[sender], outline[sender.peer])
    guard own.payload == 0, own.packets <= 3, !peer.hasSpoken else { return nil }
    let reply: Reply = peer.packets > 0 ? .closed : .none
    let behaviour: Behaviour
    switch own.flagsSeen.intersection([.fin, .syn, .rst, .psh, .ack, .urg]) {
    case []: behaviour = .null
    case [.fin, .psh, .urg]: behaviour = .xmas
    case [.fin]: behaviour = .fin
    case [.ack]: behaviour = .ack
    case [.fin, .ack]: behaviour = .maimon
    case [.rst, .ack]:
      // RFC 9293 §3.5.2: the number 0 is that of an answer to a segment without ACK.
      guard outline.resetSequence.rawValue == 0, peer.packets == 0 else { return nil }
      behaviour = .answers
    default: return nil
    }
    self.init(behaviour, reply, outline, own, peer)
  }
}

extension ConnectionOutline.End {
  /// Whether it sent anything but RSTs.
  fileprivate var hasSpoken: Bool {
    packets > 0
      && (!flagsSeen.contains(.rst) || !flagsSeen.isSubset(of: [.rst, .ack]) || payload > 0)
  }
}
