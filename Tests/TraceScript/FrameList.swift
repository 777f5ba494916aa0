public import PacketParser

/// Frames of a capture in the making, for tests in which the bytes matter more than the story.
public struct FrameList: Sendable {
  public var frames: [[UInt8]] = []
  public var vlans: [UInt16] = []

  public init() {}

  /// Appends a segment in an Ethernet frame.
  public mutating func segment(
    from source: SocketAddress, to destination: SocketAddress, _ flags: TCPFlags,
    _ sequence: UInt32, ack acknowledgment: UInt32 = 0, payload: Int = 0, options: [UInt8] = []
  ) {
    var frame = FrameBuilder(from: source, to: destination)
    frame.flags = flags
    frame.sequence = sequence
    frame.acknowledgment = acknowledgment
    frame.payload = [UInt8](repeating: 0x61, count: payload)
    frame.options = options
    frame.vlans = vlans
    // Each packet has its own identification, so that none is taken for a copy of another.
    frame.identification = UInt16(truncatingIfNeeded: frames.count)
    frames.append(frame.ethernet)
  }

  /// Appends a handshake, `payload` bytes from the client with their ACK, and a close in four segments.
  public mutating func connection(
    from client: SocketAddress, to server: SocketAddress, payload: Int = 80
  ) {
    let end = 1001 + UInt32(payload)
    let offer = FrameBuilder.maximumSegmentSize(1460) + FrameBuilder.windowScale(7)
    segment(from: client, to: server, .syn, 1000, options: offer)
    segment(from: server, to: client, [.syn, .ack], 5000, ack: 1001, options: offer)
    segment(from: client, to: server, .ack, 1001, ack: 5001)
    segment(from: client, to: server, [.psh, .ack], 1001, ack: 5001, payload: payload)
    segment(from: server, to: client, .ack, 5001, ack: end)
    segment(from: client, to: server, [.fin, .ack], end, ack: 5001)
    segment(from: server, to: client, .ack, 5001, ack: end + 1)
    segment(from: server, to: client, [.fin, .ack], 5001, ack: end + 1)
    segment(from: client, to: server, .ack, end + 1, ack: 5002)
  }

  /// The frames as a pcap file holds them, a millisecond apart.
  public var capture: [UInt8] {
    CaptureBytes().pcap(
      frames.enumerated().map { CapturedFrame(nanoseconds: $0 * 1_000_000, $1) })
  }
}

extension SocketAddress {
  /// A socket at 192.0.2.`last`.
  public static func version4(_ last: UInt8, port: UInt16) -> SocketAddress {
    SocketAddress(address: IPAddress(v4: 0xc000_0200 | UInt32(last)), port: port)
  }

  /// A socket at 2001:db8:aaaa:bbbb:cccc:dddd:eeee:`last`, as long as an address can be.
  public static func version6(_ last: UInt16, port: UInt16) -> SocketAddress {
    SocketAddress(
      address: IPAddress(v6: 0x2001_0db8_aaaa_bbbb, 0xcccc_dddd_eeee_0000 | UInt64(last)),
      port: port)
  }
}
