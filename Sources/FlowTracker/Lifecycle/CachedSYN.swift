import PacketParser

/// A SYN that nothing has followed yet, in one cache line: of a flood there is never more.
///
/// It keeps all of the segment that is usual of SYNs, so that the connection can begin with it later as it
/// would have at once. Kernels do the same (FreeBSD's SYN cache, the request sockets of Linux).
struct CachedSYN: BitwiseCopyable {
  let key: FlowKey
  let frame: Int
  let time: Timestamp
  private let shortNumber: UInt32
  private let sequence: SequenceNumber
  private let timestampValue: UInt32
  /// The kinds of its options.
  let options: TCPOptionSet
  private let maximumSegmentSize: UInt16
  private let window: UInt16
  private let checksum: UInt16
  private let packetLength: UInt16
  private let identification: UInt16
  private let encapsulation: EncapsulationID
  private let flags: UInt16
  private let windowScale: UInt8
  private let hopLimit: UInt8
  private let headerLength: UInt8

  // Above the bits of `TCPFlags`.
  private static let fromLower: UInt16 = 1 << 12
  private static let isTruncated: UInt16 = 1 << 13
  private static let checksumShift: UInt16 = 14

  /// The connection's number in the capture.
  var number: Int { Int(shortNumber) }

  /// A SYN by which the connection of this number is opened; `nil` if there is more to it than to most.
  @inline(__always)
  init?(_ segment: inout Segment, _ lookup: FlowLookup, number: Int) {
    guard LiveConnection.opensAsUsual(&segment),
      segment.traits.isSubset(of: .truncated), segment.options.present.isSubset(of: Self.known),
      segment.options.unknownCount == 0, segment.options.timestampEcho == 0,
      segment.packetLength <= UInt16.max, number <= UInt32.max,
      lookup.key.tunnel == .none, !segment.hasOneEnd
    else { return nil }
    key = lookup.key
    frame = segment.frame
    time = segment.time
    shortNumber = UInt32(truncatingIfNeeded: number)
    sequence = segment.sequence
    timestampValue = segment.options.timestampValue
    options = segment.options.present
    maximumSegmentSize = segment.options.maximumSegmentSize
    window = segment.window
    checksum = segment.checksum
    packetLength = UInt16(truncatingIfNeeded: segment.packetLength)
    identification = segment.identification
    encapsulation = segment.encapsulation
    flags =
      segment.flags.rawValue | (lookup.fromLower ? Self.fromLower : 0)
      | (segment.traits == .truncated ? Self.isTruncated : 0)
      | UInt16(segment.checksumStatus.rawValue) << Self.checksumShift
    windowScale = segment.options.windowScale
    hopLimit = segment.hopLimit
    headerLength = segment.headerLength
  }

  private static let known: TCPOptionSet = [
    .maximumSegmentSize, .windowScale, .sackPermitted, .timestamps,
  ]

  /// Where it came from, and where it went.
  func ends(
    _ addressesOfDigest: () -> FlowAddresses
  ) -> (client: SocketAddress, server: SocketAddress) {
    let (lower, upper) = key.ends(addressesOfDigest)
    return flags & Self.fromLower != 0 ? (lower, upper) : (upper, lower)
  }

  var tcpFlags: TCPFlags { TCPFlags(rawValue: flags & (Self.fromLower - 1)) }

  var checksumStatus: ChecksumStatus {
    ChecksumStatus(rawValue: UInt8(flags >> Self.checksumShift)) ?? .unverified
  }

  /// Whether both ports are possible, and its options are what most offer.
  var isUsual: Bool {
    key.hasPorts && options.contains(.maximumSegmentSize) && windowScale <= 14
  }

  /// How its connection is found.
  func lookup(seed: UInt64) -> FlowLookup {
    FlowLookup(key, seed: seed, fromLower: flags & Self.fromLower != 0)
  }

  /// The segment, to the last field but the interface; the addresses are asked for where the key has only their digest.
  func segment(_ addressesOfDigest: () -> FlowAddresses) -> Segment {
    var segment = Segment()
    segment.frame = frame
    segment.time = time
    let (source, destination) = ends(addressesOfDigest)
    (segment.sourceHigh, segment.sourceLow) = (source.address.high, source.address.low)
    (segment.destinationHigh, segment.destinationLow) =
      (destination.address.high, destination.address.low)
    (segment.sourcePort, segment.destinationPort) = (source.port, destination.port)
    segment.ipVersion = source.address.version
    segment.sequence = sequence
    segment.flags = tcpFlags
    segment.window = window
    segment.checksum = checksum
    segment.packetLength = UInt32(packetLength)
    segment.identification = identification
    segment.encapsulation = encapsulation
    segment.hopLimit = hopLimit
    segment.headerLength = headerLength
    segment.checksumStatus = checksumStatus
    if flags & Self.isTruncated != 0 { segment.traits = .truncated }
    segment.options.present = options
    segment.options.maximumSegmentSize = maximumSegmentSize
    segment.options.windowScale = windowScale
    segment.options.timestampValue = timestampValue
    return segment
  }
}
