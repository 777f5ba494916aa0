public import PacketParser

/// One TCP connection: two endpoints, how it was opened, how it ended.
///
/// The fields that every segment touches come first and fill four cache lines; the rest lies behind
/// them. A flat value: connections live side by side in the table's arena and change in place.
public struct Connection: BitwiseCopyable, Sendable {
  // What every segment touches.
  var key: FlowKey
  var hash: UInt32
  var previous: UInt32 = .max
  var following: UInt32 = .max
  public internal(set) var stage = LifeStage.opening
  public internal(set) var rolesEvidence: RolesEvidence
  private var clientIsLower: Bool
  var traits: Traits = []
  public internal(set) var last: FrameMark
  var ends = InlineArray<2, Endpoint>(repeating: Endpoint())
  /// The encapsulation of each end's latest segment.
  var tunnels = InlineArray<2, EncapsulationID>(repeating: .none)

  // What a handshake, a loss or a close touches.
  /// When it was put into the queue of its stage.
  var queued = Timestamp(nanoseconds: 0)
  /// The connection's number in the order in which connections were met, from 1.
  public internal(set) var number: Int
  /// Which connection of its tuple it is, from 1.
  public internal(set) var incarnation: UInt32 = 1
  public internal(set) var first: FrameMark
  public internal(set) var firstSender: Side
  public internal(set) var endReason = EndReason.captureEnded
  var firstTunnels = InlineArray<2, EncapsulationID>(repeating: .none)
  public internal(set) var handshake = Handshake()
  public internal(set) var closing = Closing()
  var histories = InlineArray<2, EndpointHistory>(repeating: EndpointHistory())

  struct Traits: OptionSet, BitwiseCopyable {
    var rawValue: UInt8

    static let hasStrayingSYN = Traits(rawValue: 1 << 0)
    /// Another connection has the same tuple in another tunnel.
    static let hasSibling = Traits(rawValue: 1 << 1)
    static let sawSYN = Traits(rawValue: 1 << 2)
    static let sawSYNACK = Traits(rawValue: 1 << 3)
    /// A segment with ACK, without SYN and without payload; a RST counts too.
    static let sawBareACK = Traits(rawValue: 1 << 4)
    static let sawPayload = Traits(rawValue: 1 << 5)
  }

  init(lookup: FlowLookup, number: Int, opening segment: Segment) {
    key = lookup.key
    hash = lookup.hash
    self.number = number
    first = FrameMark(segment)
    last = first
    let senderIsClient: Bool
    (senderIsClient, rolesEvidence) = Self.roles(in: segment)
    firstSender = senderIsClient ? .client : .server
    clientIsLower = senderIsClient == lookup.fromLower
  }

  /// Who is the client, judged by the first segment: the SYN, the SYN-ACK, the classes of the ports.
  private static func roles(in segment: Segment) -> (senderIsClient: Bool, RolesEvidence) {
    if segment.flags.contains(.syn) {
      return segment.flags.contains(.ack) ? (false, .synACK) : (true, .syn)
    }
    let source = portClass(segment.sourcePort)
    let destination = portClass(segment.destinationPort)
    return source == destination ? (true, .firstSender) : (source > destination, .port)
  }

  /// Well-known (RFC 6335 §6: system ports), registered as far as no stack takes its ephemeral ports
  /// from there, ephemeral (from 32768 in Linux).
  private static func portClass(_ port: UInt16) -> Int {
    port < 1024 ? 0 : port < 32768 ? 1 : 2
  }

  @inline(__always)
  func sender(fromLower: Bool) -> Side {
    fromLower == clientIsLower ? .client : .server
  }

  public var client: SocketAddress { clientIsLower ? key.lower : key.upper }
  public var server: SocketAddress { clientIsLower ? key.upper : key.lower }

  public subscript(side: Side) -> Endpoint {
    @inline(__always) get { ends[Int(side.rawValue)] }
  }

  public subscript(history side: Side) -> EndpointHistory {
    @inline(__always) get { histories[Int(side.rawValue)] }
  }

  public var closeKind: Closing.Kind {
    closing.kind(client: self[.client], server: self[.server])
  }

  public var closeOutcome: Closing.Outcome {
    closing.outcome(client: self[.client], server: self[.server])
  }

  /// The encapsulations of an end's segments: the first one's and the latest one's.
  public func encapsulations(of side: Side) -> (first: EncapsulationID, latest: EncapsulationID) {
    (firstTunnels[Int(side.rawValue)], tunnels[Int(side.rawValue)])
  }

  /// Wireshark's `tcp.completeness`: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST, whichever end
  /// sent them and whether or not they were acceptable.
  public var wiresharkCompleteness: Int {
    let flags = self[.client].flagsSeen.union(self[.server].flagsSeen)
    return (traits.contains(.sawSYN) ? 1 : 0) | (traits.contains(.sawSYNACK) ? 2 : 0)
      | (traits.contains(.sawBareACK) ? 4 : 0) | (traits.contains(.sawPayload) ? 8 : 0)
      | (flags.contains(.fin) ? 16 : 0) | (flags.contains(.rst) ? 32 : 0)
  }
}
