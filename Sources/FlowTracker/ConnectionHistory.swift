import PacketParser

/// What only a handshake, a loss or a close touches of a connection.
struct ConnectionHistory: BitwiseCopyable {
  /// When it was put into the queue of its stage.
  var queued = Timestamp(nanoseconds: 0)
  private(set) var number = 0
  private(set) var incarnation: UInt32 = 1
  private(set) var first = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  private(set) var firstSender = Side.client
  private(set) var rolesEvidence = RolesEvidence.firstSender
  var endReason = EndReason.captureEnded
  var firstTunnels = InlineArray<2, EncapsulationID>(repeating: .none)
  var handshake = Handshake()
  var closing = Closing()
  /// The client's, then the server's.
  var ends = InlineArray<2, EndpointHistory>(repeating: EndpointHistory())

  /// What every history begins as: copied, since filling it in anew costs five times as much.
  private static let blank = ConnectionHistory()

  private init() {}

  init(number: Int, incarnation: UInt32, opening segment: Segment) {
    self = Self.blank
    self.number = number
    self.incarnation = incarnation
    first = FrameMark(segment)
    let senderIsClient: Bool
    (senderIsClient, rolesEvidence) = Self.roles(in: segment)
    firstSender = senderIsClient ? .client : .server
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
}
