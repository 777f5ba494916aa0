import PacketParser

/// What is remembered of hosts, for as many of them as have a place.
///
/// A key may lie in one of eight places. If all are taken, a place that did little goes to the
/// newcomer; else everybody there loses some weight and the newcomer is forgotten (Misra and Gries,
/// 1982). So whoever comes often enough is there, however many others come once, and a flood of
/// forged addresses takes no more memory than the limit. The hash has no seed: what is remembered of a
/// capture is the same on every run.
struct HostTable<Record: HostRecord>: ~Copyable {
  private static var ways: Int { 8 }
  private static var firstSets: Int { 8 }
  /// Whoever has this weight is never forgotten.
  private static var pinned: UInt16 { .max }

  private let maximumSets: Int
  /// Of each place a part of the hash, 0 where nobody has it.
  private var tags: [UInt32] = []
  private var keys: [HostKey] = []
  private var weights: [UInt16] = []
  /// What is known of the host that has the place.
  var records: HostRecords<Record>

  /// A table in which so many hosts have a place: eight times a power of 2.
  init(limit: Int) {
    maximumSets = limit / Self.ways
    records = HostRecords(count: 0)
  }

  var isEmpty: Bool { tags.isEmpty }

  /// All that have a place, in an order that depends on nothing but the capture.
  var places: [(key: HostKey, place: Int)] {
    tags.indices.filter { tags[$0] != 0 }.map { (keys[$0], $0) }
  }

  func place(of key: HostKey) -> Int? {
    guard !tags.isEmpty else { return nil }
    let hash = key.hash
    let tag = Self.tag(hash)
    let first = firstPlace(hash)
    for place in first..<first + Self.ways where tags[place] == tag {
      if keys[place] == key { return place }
    }
    return nil
  }

  /// The place of a host, which it gets if it has none yet; `nil` where others have more right to one.
  mutating func makePlace(for key: HostKey) -> Int? {
    if tags.isEmpty { resize(sets: min(Self.firstSets, maximumSets)) }
    if let place = place(of: key) { return place }
    let hash = key.hash
    while true {
      let first = firstPlace(hash)
      var lightest = first
      for place in first..<first + Self.ways {
        if tags[place] == 0 { return take(place, key, hash) }
        if weights[place] < weights[lightest] { lightest = place }
      }
      if tags.count < maximumSets * Self.ways {
        resize(sets: tags.count / Self.ways * 2)
        continue
      }
      if weights[lightest] == 0 { return take(lightest, key, hash) }
      for place in first..<first + Self.ways where weights[place] != Self.pinned {
        weights[place] -= 1
      }
      return nil
    }
  }

  /// The host has done something that it is remembered for.
  mutating func weigh(_ place: Int) {
    if weights[place] < Self.pinned - 1 { weights[place] += 1 }
  }

  /// The host is not forgotten any more.
  mutating func pin(_ place: Int) {
    weights[place] = Self.pinned
  }

  @inline(never)
  private mutating func take(_ place: Int, _ key: HostKey, _ hash: UInt64) -> Int {
    tags[place] = Self.tag(hash)
    keys[place] = key
    weights[place] = 0
    records[place] = Record()
    return place
  }

  private func firstPlace(_ hash: UInt64) -> Int {
    let sets = UInt64(tags.count / Self.ways)
    return Int(hash & (sets - 1)) * Self.ways
  }

  private static func tag(_ hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: hash >> 32) | 1
  }

  @inline(never)
  private mutating func resize(sets: Int) {
    let (oldTags, oldKeys, oldWeights) = (tags, keys, weights)
    let count = sets * Self.ways
    tags = Array(repeating: 0, count: count)
    keys = Array(repeating: HostKey(IPAddress(v4: 0)), count: count)
    weights = Array(repeating: 0, count: count)
    var newRecords = HostRecords<Record>(count: count)
    for old in oldTags.indices where oldTags[old] != 0 {
      let first = firstPlace(oldKeys[old].hash)
      // A set is divided between two: there is room.
      guard let place = (first..<first + Self.ways).first(where: { tags[$0] == 0 }) else {
        continue
      }
      (tags[place], keys[place], weights[place]) = (oldTags[old], oldKeys[old], oldWeights[old])
      newRecords[place] = records[old]
    }
    records = newRecords
  }
}

/// What is remembered of a host: nothing at first.
protocol HostRecord {
  init()
}

/// What something is remembered under: an address, and what else tells things of one host apart.
struct HostKey: Equatable, BitwiseCopyable {
  let address: IPAddress
  let detail: UInt16

  @inline(__always)
  init(_ address: IPAddress, detail: UInt16 = 0) {
    self.address = address
    self.detail = detail
  }

  @inline(__always)
  init(_ socket: SocketAddress) {
    self.init(socket.address, detail: socket.port)
  }

  @inline(__always)
  var hash: UInt64 {
    scattered(address.high &* 0x9e37_79b9_7f4a_7c15 ^ address.low ^ UInt64(detail) << 48)
  }
}
