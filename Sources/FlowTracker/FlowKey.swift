import PacketParser

/// The two ends of a connection in canonical order, so that both directions have one key of 16 bytes.
///
/// It holds the whole tuple of IPv4. Of IPv6 addresses there is only a digest: equal keys are then
/// held against the `FlowAddresses` that lie beside the connection.
struct FlowKey: Equatable, BitwiseCopyable {
  /// The lower end of IPv4, the digest of both addresses of IPv6; above its 48 bits, the version.
  private var first: UInt64
  /// The upper end of IPv4, the lower and the upper end's port of IPv6; above its 48 bits, the tunnel.
  private var second: UInt64

  private static let low48: UInt64 = 0xffff_ffff_ffff

  /// The key of a segment, and whether its source is the lower of the two ends.
  @inline(__always)
  init(_ segment: inout Segment, seed: UInt64, fromLower: inout Bool) {
    guard segment.ipVersion == .v4 else {
      self.init(version6: &segment, seed: seed, fromLower: &fromLower)
      return
    }
    let source = Self.end(segment.sourceLow, segment.sourcePort)
    let destination = Self.end(segment.destinationLow, segment.destinationPort)
    fromLower = source <= destination
    // Without a branch: which way a segment goes is nothing that a processor can foresee.
    self.init(
      first: min(source, destination), second: max(source, destination), version: .v4)
  }

  @inline(__always)
  private init(first: UInt64, second: UInt64, version: IPVersion) {
    self.first = first | UInt64(version.rawValue) << 48
    self.second = second
  }

  @inline(never)
  private init(version6 segment: inout Segment, seed: UInt64, fromLower: inout Bool) {
    let addresses = FlowAddresses(&segment, fromLower: &fromLower)
    let (source, destination) = (UInt64(segment.sourcePort), UInt64(segment.destinationPort))
    self.init(
      first: addresses.digest(seed: seed) & Self.low48,
      second: fromLower ? source | destination << 16 : destination | source << 16, version: .v6)
  }

  @inline(__always)
  private static func end(_ address: UInt64, _ port: UInt16) -> UInt64 {
    (address << 16 | UInt64(port)) & low48
  }

  /// Whether equal keys need not mean the same tuple.
  @inline(__always)
  var isDigest: Bool { first >> 48 == UInt64(IPVersion.v6.rawValue) }

  /// Whether neither port is 0.
  @inline(__always)
  var hasPorts: Bool {
    let lower = UInt16(truncatingIfNeeded: isDigest ? second : first)
    let upper = UInt16(truncatingIfNeeded: isDigest ? second >> 16 : second)
    return lower != 0 && upper != 0
  }

  /// The encapsulation, where two tunnels carry different connections of the same tuple; else none.
  var tunnel: EncapsulationID {
    get { EncapsulationID(rawValue: UInt16(truncatingIfNeeded: second >> 48)) }
    set { second = second & Self.low48 | UInt64(newValue.rawValue) << 48 }
  }

  /// The two ends; the addresses are asked for where the key has only their digest.
  @inline(__always)
  func ends(_ addressesOfDigest: () -> FlowAddresses) -> (
    lower: SocketAddress, upper: SocketAddress
  ) {
    guard isDigest else {
      return (Self.version4End(first), Self.version4End(second))
    }
    let addresses = addressesOfDigest()
    return (
      SocketAddress(address: addresses.lower, port: UInt16(truncatingIfNeeded: second)),
      SocketAddress(address: addresses.upper, port: UInt16(truncatingIfNeeded: second >> 16))
    )
  }

  private static func version4End(_ end: UInt64) -> SocketAddress {
    SocketAddress(
      address: IPAddress(v4: UInt32(truncatingIfNeeded: end >> 16)),
      port: UInt16(truncatingIfNeeded: end))
  }

  /// 32 bits of the tuple, without the tunnel, that the `seed` scatters: nobody can choose tuples
  /// that collide.
  ///
  /// One multiplication to 128 bits, folded, does what SipHash takes ten times as long for.
  @inline(__always)
  func hash(seed: UInt64) -> UInt32 {
    let product = fold(first ^ seed, second & Self.low48 ^ seed.byteSwapped)
    return UInt32(truncatingIfNeeded: product ^ product >> 32)
  }
}

/// The two IPv6 addresses of a connection, of the lower end and of the upper end.
struct FlowAddresses: Equatable, BitwiseCopyable {
  private var lowerHigh: UInt64
  private var lowerLow: UInt64
  private var upperHigh: UInt64
  private var upperLow: UInt64

  /// The addresses of a segment, and whether its source is the lower end.
  @inline(__always)
  init(_ segment: inout Segment, fromLower: inout Bool) {
    fromLower =
      segment.sourceLow != segment.destinationLow
      ? segment.sourceLow < segment.destinationLow
      : segment.sourceHigh != segment.destinationHigh
        ? segment.sourceHigh < segment.destinationHigh
        : segment.sourcePort <= segment.destinationPort
    lowerHigh = fromLower ? segment.sourceHigh : segment.destinationHigh
    lowerLow = fromLower ? segment.sourceLow : segment.destinationLow
    upperHigh = fromLower ? segment.destinationHigh : segment.sourceHigh
    upperLow = fromLower ? segment.destinationLow : segment.sourceLow
  }

  var lower: IPAddress { IPAddress(v6: lowerHigh, lowerLow) }
  var upper: IPAddress { IPAddress(v6: upperHigh, upperLow) }

  fileprivate func digest(seed: UInt64) -> UInt64 {
    let first = fold(lowerHigh ^ seed, lowerLow ^ seed.byteSwapped)
    return fold(first ^ upperHigh, upperLow ^ ~seed.byteSwapped)
  }
}

/// Both halves of a product, which every bit of both factors has a part in.
@inline(__always)
private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let product = left.multipliedFullWidth(by: right)
  return product.high ^ product.low
}

/// How to find the connection of a segment.
struct FlowLookup: BitwiseCopyable {
  var key: FlowKey
  let hash: UInt32
  /// The segment's source is the lower end of the key.
  let fromLower: Bool

  @inline(__always)
  init(_ segment: inout Segment, seed: UInt64) {
    var fromLower = false
    key = FlowKey(&segment, seed: seed, fromLower: &fromLower)
    hash = key.hash(seed: seed)
    self.fromLower = fromLower
  }

  /// The look-up of a key that is known.
  init(_ key: FlowKey, seed: UInt64, fromLower: Bool) {
    self.key = key
    hash = key.hash(seed: seed)
    self.fromLower = fromLower
  }
}
