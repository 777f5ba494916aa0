public import PacketParser

/// What the way between two places does to all segments, which is told once and not of each.
public struct PathProperties: Sendable {
  /// The hop limits of segments at either place, and how many had them, by `Travel`; the most frequent
  /// first.
  public private(set) var hopLimits: [[HopLimits]] = [[], []]
  /// Socket addresses that are others in the other capture (NAT), in the order of their first segments.
  public private(set) var addresses: [(a: SocketAddress, b: SocketAddress)] = []
  /// Of how many there was no room to name them.
  public private(set) var unnamedAddresses = 0
  /// Segments whose IPv4 identification differs.
  public private(set) var identificationsRewritten = 0
  /// Segments whose congestion flags differ (RFC 3168).
  public private(set) var congestionMarked = 0
  /// Connections whose sequence numbers are shifted, in either direction.
  public private(set) var shiftedConnections = 0
  /// Segments that were cut up or put together (TSO, GRO), in the capture that saw them first.
  public private(set) var resegmented = 0
  /// Segments that were seen at both places.
  public private(set) var common = 0

  /// The time to live, or hop limit, at both places.
  public struct HopLimits: Sendable {
    public var a: UInt8
    public var b: UInt8
    public var segments: Int
  }

  private static let kindsKept = 16
  private static let addressesKept = 32

  mutating func note(_ a: RecordedSegment, _ b: RecordedSegment, _ travel: Travel) {
    common += 1
    if a.identification != b.identification { identificationsRewritten += 1 }
    if a.flags.intersection(.congestion) != b.flags.intersection(.congestion) {
      congestionMarked += 1
    }
    let way = Int(travel.rawValue)
    let known = hopLimits[way].firstIndex { $0.a == a.hopLimit && $0.b == b.hopLimit }
    if let known {
      hopLimits[way][known].segments += 1
    } else if hopLimits[way].count < Self.kindsKept {
      hopLimits[way].append(HopLimits(a: a.hopLimit, b: b.hopLimit, segments: 1))
    }
  }

  mutating func noteAddresses(_ a: SocketPair, _ b: SocketPair, isSwapped: Bool) {
    for direction in 0...1 {
      let (one, other) = (
        a.source(of: direction), b.source(of: isSwapped ? 1 - direction : direction)
      )
      guard one != other, !addresses.contains(where: { $0.a == one && $0.b == other }) else {
        continue
      }
      if addresses.count < Self.addressesKept {
        addresses.append((one, other))
      } else {
        unnamedAddresses += 1
      }
    }
  }

  mutating func noteCommon(_ count: Int) { common += count }
  mutating func noteShiftedConnections(_ count: Int) { shiftedConnections += count }
  mutating func noteResegmented(_ count: Int) { resegmented += count }

  mutating func finish() {
    for way in hopLimits.indices {
      hopLimits[way].sort { ($1.segments, $0.a, $0.b) < ($0.segments, $1.a, $1.b) }
    }
  }
}
