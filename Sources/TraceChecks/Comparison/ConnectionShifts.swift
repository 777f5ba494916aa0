import PacketParser

/// By how much a middlebox shifts the sequence numbers of each connection (in `a`) of a flow.
struct ConnectionShifts {
  private var own: [UInt32: Majority] = [:]
  private var peer: [UInt32: Majority] = [:]

  init(own: SegmentMatching, peer: SegmentMatching) {
    self.own = Self.majorities(of: own)
    self.peer = Self.majorities(of: peer)
  }

  func shifts(of connection: UInt32) -> (own: Int32, peer: Int32) {
    (own[connection]?.value ?? 0, peer[connection]?.value ?? 0)
  }

  var shiftedConnections: Int {
    var shifted = Set(own.filter { $0.value.value != 0 }.keys)
    shifted.formUnion(peer.filter { $0.value.value != 0 }.keys)
    return shifted.count
  }

  private static func majorities(of matching: SegmentMatching) -> [UInt32: Majority] {
    var majorities: [UInt32: Majority] = [:]
    for index in matching.a.indices {
      guard let partner = matching.partnerInB[index] else { continue }
      let shift = matching.b[partner].sequence - matching.a[index].sequence
      majorities[matching.a[index].connection, default: Majority()].add(shift)
    }
    return majorities
  }
}

/// The value that most of many are (Boyer and Moore).
struct Majority {
  private(set) var value: Int32 = 0
  private var lead = 0

  mutating func add(_ other: Int32) {
    if lead == 0 { value = other }
    lead += other == value ? 1 : -1
  }
}
