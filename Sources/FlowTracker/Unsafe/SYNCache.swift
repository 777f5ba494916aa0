/// The memory in which SYNs wait for what follows them.
@safe
struct SYNCache: ~Copyable {
  private let syns: RecordSpace<CachedSYN>
  /// Of those whose key is a digest.
  private let addresses: RecordSpace<FlowAddresses>
  private var places: PlaceList

  /// Memory for at most `capacity`, none of which is taken before it is used; `nil` when there is no address
  /// space for so many.
  init?(capacity: Int) {
    precondition(MemoryLayout<CachedSYN>.size <= 64, "a SYN has grown beyond its cache line")
    guard let places = PlaceList(capacity: capacity),
      let syns = RecordSpace<CachedSYN>(capacity: places.capacity, areTouchedByMost: true),
      let addresses = RecordSpace<FlowAddresses>(
        capacity: places.capacity, areTouchedByMost: false)
    else { return nil }
    self.places = places
    self.syns = syns
    self.addresses = addresses
  }

  /// A SYN that has not been taken out.
  @inline(__always)
  subscript(id: ConnectionID) -> CachedSYN {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(syns[id.placeOfSYN]) }
  }

  subscript(links id: ConnectionID) -> QueueLinks {
    get { places[id.placeOfSYN] }
    nonmutating set { places[id.placeOfSYN] = newValue }
  }

  /// The addresses of a SYN whose key has only a digest of them; meaningless of others.
  @inline(__always)
  func addresses(of id: ConnectionID) -> FlowAddresses {
    unsafe addresses[id.placeOfSYN].pointee
  }

  @inline(__always)
  func prefetch(_ id: ConnectionID) {
    syns.prefetch(id.placeOfSYN, bytes: 0..<64)
    prefetchLinks(id)
  }

  @inline(__always)
  func prefetchLinks(_ id: ConnectionID) {
    places.prefetch(id.placeOfSYN)
  }

  var count: Int { places.count }
  /// Bytes that all of them take.
  private(set) var bytesInUse = 0

  /// Bytes that a SYN takes: few have addresses beside it.
  func bytes(of id: ConnectionID) -> Int {
    RecordSpace<CachedSYN>.stride + PlaceList.bytesPerPlace
      + (self[id].key.isDigest ? RecordSpace<FlowAddresses>.stride : 0)
  }

  mutating func add(_ syn: CachedSYN, _ addressesOfDigest: FlowAddresses?) -> ConnectionID {
    let missing = places.missing
    if !missing.isEmpty {
      let isDone =
        places.add(missing) && syns.extend(from: missing.lowerBound, by: missing.count)
        && addresses.extend(from: missing.lowerBound, by: missing.count)
      guard isDone else {
        fatalError("out of memory: no room for more SYNs; lower the limit of half-open connections")
      }
    }
    let place = places.take()
    unsafe syns[place].initialize(to: syn)
    if let addressesOfDigest { unsafe addresses[place].initialize(to: addressesOfDigest) }
    let id = ConnectionID(placeOfSYN: place)
    bytesInUse &+= bytes(of: id)
    return id
  }

  mutating func remove(_ id: ConnectionID) {
    bytesInUse &-= bytes(of: id)
    places.giveBack(id.placeOfSYN)
  }
}

extension ConnectionID {
  /// Above all places of connections.
  private static let markOfSYN: UInt32 = 1 << 31

  fileprivate init(placeOfSYN place: ConnectionID) {
    self.init(rawValue: place.rawValue | Self.markOfSYN)
  }

  fileprivate var placeOfSYN: ConnectionID { ConnectionID(rawValue: rawValue & ~Self.markOfSYN) }

  /// It is no connection's place: it is `none`, or that of a SYN which waits in the cache.
  @inline(__always)
  var isNoConnection: Bool { rawValue >= Self.markOfSYN }
}
