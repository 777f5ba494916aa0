/// Which places of a memory are taken, and between which others each of them stands.
///
/// A place that was given back is taken again before a new one, so the memory follows the most that were
/// taken at one time.
@safe
struct PlaceList: ~Copyable {
  /// So many records fill whole huge pages.
  private static let step = 32_768
  /// Most captures have few connections, for which a huge page is too much to clear.
  private static let firstStep = 1_024

  /// The neighbours of what has a place in its queue, or of a free place in the list of them.
  private let links: RecordSpace<QueueLinks>
  let capacity: Int
  /// Places whose memory may be used; what lies beyond them is only reserved.
  private var usable = 0
  private var used: UInt32 = 0
  private(set) var firstFree = ConnectionID.none
  private(set) var count = 0

  /// Bytes that a place takes here.
  static var bytesPerPlace: Int { RecordSpace<QueueLinks>.stride }

  /// A list of at least `capacity` places; `nil` when there is no address space for it.
  init?(capacity: Int) {
    self.capacity = (capacity + Self.step - 1) / Self.step * Self.step
    guard let links = RecordSpace<QueueLinks>(capacity: self.capacity, areTouchedByMost: true)
    else {
      return nil
    }
    self.links = links
  }

  subscript(place: ConnectionID) -> QueueLinks {
    @inline(__always)
    unsafeAddress { unsafe UnsafePointer(links[place]) }
    @inline(__always)
    nonmutating unsafeMutableAddress { unsafe links[place] }
  }

  @inline(__always)
  func prefetch(_ place: ConnectionID) {
    links.prefetch(place, bytes: 0..<1)
  }

  /// Whether the place has ever been taken.
  func contains(_ place: ConnectionID) -> Bool {
    place.rawValue < used
  }

  /// The places that must become memory before the next one can be taken; empty as long as there are others.
  var missing: Range<Int> {
    guard firstFree == .none, used == usable else { return usable..<usable }
    let added = usable == 0 ? Self.firstStep : Self.step - usable % Self.step
    return usable..<min(capacity, usable + added)
  }

  /// The places that were `missing` are memory now; `false` when there is none for the links.
  mutating func add(_ places: Range<Int>) -> Bool {
    usable = places.upperBound
    return links.extend(from: places.lowerBound, by: places.count)
  }

  /// Takes a place; what stands there is of whoever had it before, or zeroes.
  mutating func take() -> ConnectionID {
    count &+= 1
    if firstFree != .none {
      let place = firstFree
      firstFree = self[place].following
      return place
    }
    precondition(used < usable, "connections that have ended were never released")
    used += 1
    return ConnectionID(rawValue: used - 1)
  }

  mutating func giveBack(_ place: ConnectionID) {
    count &-= 1
    self[place].following = firstFree
    firstFree = place
  }
}
