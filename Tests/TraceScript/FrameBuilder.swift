public import PacketParser

/// A TCP segment that is to be a frame: plain fields with harmless defaults, and the bytes they make.
///
/// ```swift
/// var frame = FrameBuilder()
/// frame.flags = .syn
/// frame.options = FrameBuilder.maximumSegmentSize(1460)
/// frame.ethernet  // bytes with lengths and checksums filled in
/// ```
public struct FrameBuilder: Sendable {
  public var source = SocketAddress(address: IPAddress(v4: 0xc000_0201), port: 40000)
  public var destination = SocketAddress(address: IPAddress(v4: 0xc000_0202), port: 80)
  public var sequence: UInt32 = 1
  public var acknowledgment: UInt32 = 1
  public var flags: TCPFlags = .ack
  public var window: UInt16 = 65535
  public var urgentPointer: UInt16 = 0
  /// Whether the first reserved bit, the one beside the data offset, is set.
  public var hasReservedBit = false
  /// The options as they stand in the header; padded with zeros to a multiple of 4.
  public var options: [UInt8] = []
  public var payload: [UInt8] = []
  public var identification: UInt16 = 0
  public var hopLimit: UInt8 = 64
  /// Whether the checksum is left to the network card.
  public var leavesChecksum = false
  /// VLAN identifiers, outermost first.
  public var vlans: [UInt16] = []
  /// Bytes that Ethernet adds to frames that are too short.
  public var padding = 0

  public init() {}

  /// A frame from `source` to `destination`, whose addresses have the same IP version.
  public init(from source: SocketAddress, to destination: SocketAddress) {
    precondition(source.address.version == destination.address.version)
    self.source = source
    self.destination = destination
  }

  /// TCP header and payload, with a right checksum unless that is left to the network card.
  public var tcp: [UInt8] {
    let paddedOptions = options + Array(repeating: 0, count: (4 - options.count % 4) % 4)
    let offsetAndFlags =
      UInt16((20 + paddedOptions.count) / 4) << 12 | (hasReservedBit ? 0x0800 : 0)
      | flags.rawValue
    var header =
      bigEndian(source.port) + bigEndian(destination.port) + bigEndian(sequence)
      + bigEndian(acknowledgment) + bigEndian(offsetAndFlags) + bigEndian(window)
      + [0, 0] + bigEndian(urgentPointer) + paddedOptions
    let length = header.count + payload.count
    let checksum =
      leavesChecksum
      ? offloadedChecksum : internetChecksum(pseudoHeader(length: length) + header + payload)
    header.replaceSubrange(16..<18, with: bigEndian(checksum))
    return header + payload
  }

  /// The sum of the pseudo-header alone, which a network card is to complete.
  public var offloadedChecksum: UInt16 {
    let paddedOptions = (options.count + 3) & ~3
    return ~internetChecksum(pseudoHeader(length: 20 + paddedOptions + payload.count))
  }

  /// The IP packet.
  public var packet: [UInt8] {
    ipPacket(carrying: tcp, protocolNumber: 6)
  }

  /// The packet in an Ethernet frame, with its VLAN tags and padding.
  public var ethernet: [UInt8] {
    ethernetFrame(carrying: packet, type: etherType)
  }

  /// An IP packet between the same addresses with something else in it.
  public func ipPacket(carrying content: [UInt8], protocolNumber: UInt8) -> [UInt8] {
    switch source.address.version {
    case .v4:
      ipv4Packet(carrying: content, protocolNumber: protocolNumber)
    case .v6:
      [0x60, 0, 0, 0] + bigEndian(UInt16(content.count)) + [protocolNumber, hopLimit]
        + addressBytes(source.address) + addressBytes(destination.address) + content
    }
  }

  /// An IPv4 packet, or a fragment of one.
  ///
  /// - Parameters:
  ///   - content: What follows the header.
  ///   - protocolNumber: What kind of content it is.
  ///   - offset: Where in the datagram the content begins, in bytes.
  ///   - moreFragments: Whether other fragments come after this one.
  /// - Returns: The packet, with a right header checksum.
  public func ipv4Packet(
    carrying content: [UInt8], protocolNumber: UInt8, offset: Int = 0, moreFragments: Bool = false
  ) -> [UInt8] {
    let flagsAndOffset = UInt16(offset / 8) | (moreFragments ? 0x2000 : 0)
    var header =
      [0x45, 0] + bigEndian(UInt16(20 + content.count)) + bigEndian(identification)
      + bigEndian(flagsAndOffset) + [hopLimit, protocolNumber, 0, 0]
      + addressBytes(source.address) + addressBytes(destination.address)
    header.replaceSubrange(10..<12, with: bigEndian(internetChecksum(header)))
    return header + content
  }

  /// An IPv6 fragment (RFC 8200 §4.5) in its packet.
  public func ipv6Fragment(
    carrying content: [UInt8], protocolNumber: UInt8, offset: Int, moreFragments: Bool
  ) -> [UInt8] {
    let header =
      [protocolNumber, 0] + bigEndian(UInt16(offset) | (moreFragments ? 1 : 0))
      + bigEndian(UInt32(identification))
    return ipPacket(carrying: header + content, protocolNumber: 44)
  }

  /// A frame around any packet, with the VLAN tags and the padding.
  public func ethernetFrame(carrying content: [UInt8], type: UInt16) -> [UInt8] {
    [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
      + vlans.flatMap { bigEndian(UInt16(0x8100)) + bigEndian($0) }
      + bigEndian(type) + content + Array(repeating: 0, count: padding)
  }

  /// The EtherType of the addresses' version.
  public var etherType: UInt16 {
    source.address.version == .v4 ? 0x0800 : 0x86dd
  }

  private func pseudoHeader(length: Int) -> [UInt8] {
    addressBytes(source.address) + addressBytes(destination.address) + bigEndian(UInt32(length))
      + [0, 0, 0, 6]
  }

  private func addressBytes(_ address: IPAddress) -> [UInt8] {
    switch address.version {
    case .v4: bigEndian(UInt32(truncatingIfNeeded: address.low))
    case .v6: bigEndian(address.high) + bigEndian(address.low)
    }
  }
}

extension FrameBuilder {
  public static func maximumSegmentSize(_ bytes: UInt16) -> [UInt8] {
    [2, 4] + bigEndian(bytes)
  }

  public static func windowScale(_ shift: UInt8) -> [UInt8] {
    [1, 3, 3, shift]
  }

  public static let sackPermitted: [UInt8] = [1, 1, 4, 2]

  public static func sack(_ blocks: [(left: UInt32, right: UInt32)]) -> [UInt8] {
    [1, 1, 5, UInt8(2 + 8 * blocks.count)]
      + blocks.flatMap { bigEndian($0.left) + bigEndian($0.right) }
  }

  public static func timestamps(_ value: UInt32, echo: UInt32) -> [UInt8] {
    [1, 1, 8, 10] + bigEndian(value) + bigEndian(echo)
  }
}

/// The bytes of a number in network order.
public func bigEndian(_ number: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
  stride(from: number.bitWidth - 8, through: 0, by: -8).map {
    UInt8(truncatingIfNeeded: number >> $0)
  }
}

/// The Internet checksum (RFC 1071), the plain way.
public func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for (index, byte) in bytes.enumerated() {
    sum += index.isMultiple(of: 2) ? UInt32(byte) << 8 : UInt32(byte)
    sum = sum >> 16 + sum & 0xffff
  }
  return ~UInt16(sum)
}
