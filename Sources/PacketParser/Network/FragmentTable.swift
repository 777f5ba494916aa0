/// What a decoder may keep of IP datagrams that are not complete yet.
public struct FragmentLimits: Sendable {
  public var datagrams: Int
  /// Bytes of all their fragments.
  public var bytes: Int
  /// Fragments of one datagram.
  public var fragmentsPerDatagram: Int
  /// How long a datagram is waited for, from its first fragment, on the capture's clock.
  public var nanosecondsV4: Int64
  public var nanosecondsV6: Int64

  /// Limits like those of common hosts: 30 seconds for IPv4, 60 for IPv6 (RFC 8200 §4.5).
  public init(
    datagrams: Int = 1024, bytes: Int = 16 << 20, fragmentsPerDatagram: Int = 256,
    nanosecondsV4: Int64 = 30_000_000_000, nanosecondsV6: Int64 = 60_000_000_000
  ) {
    self.datagrams = datagrams
    self.bytes = bytes
    self.fragmentsPerDatagram = fragmentsPerDatagram
    self.nanosecondsV4 = nanosecondsV4
    self.nanosecondsV6 = nanosecondsV6
  }
}

/// What tells datagrams apart (RFC 791 §3.2, RFC 8200 §4.5), and the tunnel they came through.
struct FragmentKey: Hashable {
  let source: IPAddress
  let destination: IPAddress
  let identification: UInt32
  /// IPv4's protocol; 0 for IPv6, whose fragments may differ in it.
  let protocolNumber: UInt8
  let encapsulation: EncapsulationID

  init(_ fragment: FragmentHeader, of segment: Segment, encapsulation: EncapsulationID) {
    source = IPAddress(
      high: segment.sourceHigh, low: segment.sourceLow, version: segment.ipVersion)
    destination = IPAddress(
      high: segment.destinationHigh, low: segment.destinationLow, version: segment.ipVersion)
    identification = fragment.identification
    protocolNumber = segment.ipVersion == .v4 ? fragment.nextHeader : 0
    self.encapsulation = encapsulation
  }
}

/// The datagrams of which parts are missing, oldest first to be given up.
struct FragmentTable: ~Copyable {
  /// What became of a fragment.
  enum Outcome {
    case kept
    /// It contradicts IP, or the fragments before it.
    case refused
    case completes(Datagram)
  }

  private let limits: FragmentLimits
  private var partials: [FragmentKey: PartialDatagram] = [:]
  private var byteCount = 0
  /// Keys in the order of their first fragment, and the serial number of the datagram each meant:
  /// one that was completed leaves its entry behind.
  private var arrivals: [(key: FragmentKey, serial: Int)] = []
  private var oldest = 0
  private var nextSerial = 0
  private(set) var incomplete = IncompleteDatagrams()

  init(limits: FragmentLimits) {
    self.limits = limits
  }

  /// Takes a fragment.
  ///
  /// - Parameters:
  ///   - fragment: Which part it is.
  ///   - bytes: What was captured of it.
  ///   - wireLength: What it had.
  ///   - key: Which datagram it belongs to.
  ///   - seen: Where it was seen.
  /// - Returns: The datagram, if this was the last missing part of it.
  mutating func insert(
    _ fragment: FragmentHeader, _ bytes: RawSpan, wireLength: Int, of key: FragmentKey,
    seen: IncompleteDatagrams.Fragment
  ) -> Outcome {
    // All but the last fragment have a multiple of 8 bytes. IPv6 refuses others (RFC 8200 §4.5);
    // IPv4 hosts leave off what is too much. No datagram is longer than a length field can say.
    let length = fragment.isLast || key.source.version == .v6 ? wireLength : wireLength & ~7
    guard length > 0, fragment.isLast || length.isMultiple(of: 8),
      fragment.offset + length <= 0xffff
    else { return .refused }

    forgetOverdue(at: seen.time)
    if partials[key] == nil { begin(key, at: seen.time) }
    let before = partials[key]?.storedBytes ?? 0
    let isSound =
      partials[key]?.insert(
        fragment, bytes, wireLength: length, limit: limits.fragmentsPerDatagram, seen: seen)
      ?? false
    byteCount += (partials[key]?.storedBytes ?? 0) - before

    if let datagram = partials[key]?.assembled() {
      remove(key)
      return .completes(datagram)
    }
    while byteCount > limits.bytes, forgetOldest() {}
    return isSound ? .kept : .refused
  }

  private mutating func begin(_ key: FragmentKey, at time: Timestamp) {
    while partials.count >= max(1, limits.datagrams), forgetOldest() {}
    nextSerial += 1
    let partial = PartialDatagram(
      serial: nextSerial, firstSeen: time, version: key.source.version)
    partials[key] = partial
    byteCount += partial.storedBytes
    // Entries left behind must not pile up before an old datagram that waits for its time.
    if arrivals.count > 2 * partials.count + 64 {
      let live = arrivals[oldest...].filter { partials[$0.key]?.serial == $0.serial }
      arrivals = live
      oldest = 0
    }
    arrivals.append((key, nextSerial))
  }

  private mutating func remove(_ key: FragmentKey) {
    byteCount -= partials.removeValue(forKey: key)?.storedBytes ?? 0
  }

  private mutating func giveUp(_ key: FragmentKey) {
    if let beginning = partials[key]?.beginningOfSegment { incomplete.note(beginning) }
    remove(key)
  }

  /// Gives up all datagrams: no more fragments come.
  mutating func finish() {
    while forgetOldest() {}
  }

  /// Gives up the datagram that has waited longest; `false` when there is none.
  private mutating func forgetOldest() -> Bool {
    while oldest < arrivals.count {
      let (key, serial) = arrivals[oldest]
      oldest += 1
      if partials[key]?.serial == serial {
        giveUp(key)
        return true
      }
    }
    return false
  }

  private mutating func forgetOverdue(at time: Timestamp) {
    while oldest < arrivals.count {
      let (key, serial) = arrivals[oldest]
      if let partial = partials[key], partial.serial == serial {
        let patience =
          key.source.version == .v4 ? limits.nanosecondsV4 : limits.nanosecondsV6
        guard time.nanoseconds(since: partial.firstSeen) > patience else { return }
        giveUp(key)
      }
      oldest += 1
    }
  }
}
