import PacketParser

/// The two ends of a connection in canonical order, so that both directions have one key.
struct FlowKey: Equatable, BitwiseCopyable {
  private var lowerHigh: UInt64
  private var lowerLow: UInt64
  private var upperHigh: UInt64
  private var upperLow: UInt64
  /// From the lowest bits on: the lower end's port, the upper end's port, the IP version and the
  /// tunnel, 16 bits each.
  private var rest: UInt64

  /// The key of a segment, and whether its source is the lower of the two ends.
  @inline(__always)
  init(_ segment: Segment, fromLower: inout Bool) {
    var sourceIsLower = segment.sourceLow < segment.destinationLow
    if segment.sourceLow == segment.destinationLow {
      sourceIsLower =
        segment.sourceHigh != segment.destinationHigh
        ? segment.sourceHigh < segment.destinationHigh
        : segment.sourcePort <= segment.destinationPort
    }
    fromLower = sourceIsLower
    // By masks: which way a segment goes is nothing that a processor can foresee.
    let swap = 0 &- UInt64(truncatingIfNeeded: sourceIsLower ? 0 : 1)
    let high = (segment.sourceHigh ^ segment.destinationHigh) & swap
    let low = (segment.sourceLow ^ segment.destinationLow) & swap
    lowerHigh = segment.sourceHigh ^ high
    upperHigh = segment.destinationHigh ^ high
    lowerLow = segment.sourceLow ^ low
    upperLow = segment.destinationLow ^ low
    let source = UInt64(segment.sourcePort)
    let destination = UInt64(segment.destinationPort)
    let port = (source ^ destination) & swap
    rest = (source ^ port) | (destination ^ port) << 16 | UInt64(segment.ipVersion.rawValue) << 32
  }

  /// The encapsulation, where two tunnels carry different connections of the same tuple; else none.
  var tunnel: EncapsulationID {
    get { EncapsulationID(rawValue: UInt16(truncatingIfNeeded: rest >> 48)) }
    set { rest = rest & 0xffff_ffff_ffff | UInt64(newValue.rawValue) << 48 }
  }

  var lower: SocketAddress { end(lowerHigh, lowerLow, port: rest) }
  var upper: SocketAddress { end(upperHigh, upperLow, port: rest >> 16) }

  private func end(_ high: UInt64, _ low: UInt64, port: UInt64) -> SocketAddress {
    let version: IPVersion = rest >> 32 & 0xffff == 4 ? .v4 : .v6
    return SocketAddress(
      address: IPAddress(high: high, low: low, version: version),
      port: UInt16(truncatingIfNeeded: port))
  }

  /// 32 bits of the tuple, without the tunnel, that the `seed` scatters: nobody can choose tuples
  /// that collide.
  ///
  /// Two multiplications to 128 bits, folded, do what SipHash takes five times as long for.
  @inline(__always)
  func hash(seed: UInt64) -> UInt32 {
    let ports = rest & 0xffff_ffff
    let first = Self.fold(
      lowerLow ^ lowerHigh.byteSwapped ^ seed, upperLow ^ ports << 17 ^ 0x9e37_79b9_7f4a_7c15)
    let second = Self.fold(first ^ upperHigh ^ seed, ports ^ lowerHigh ^ 0xd1b5_4a32_d192_ed03)
    return UInt32(truncatingIfNeeded: second ^ second >> 32)
  }

  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

/// How to find the connection of a segment.
struct FlowLookup: BitwiseCopyable {
  var key: FlowKey
  let hash: UInt32
  /// The segment's source is the lower end of the key.
  let fromLower: Bool

  @inline(__always)
  init(_ segment: Segment, seed: UInt64) {
    var fromLower = false
    key = FlowKey(segment, fromLower: &fromLower)
    hash = key.hash(seed: seed)
    self.fromLower = fromLower
  }
}
