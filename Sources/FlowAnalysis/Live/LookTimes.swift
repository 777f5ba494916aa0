import PacketParser

/// When connections are to be looked at, though nothing may come until then: a wheel of a minute and some
/// seconds, in steps of a quarter of a second.
///
/// Each place of the connection table is in it once at most. To put one in, to take one out, and each that is
/// due cost the same however many there are.
struct LookTimes {
  /// The step of a time.
  typealias Tick = Int64

  private static let slots = 256
  private static let nobody = UInt32.max

  /// The first `slots` are the beginnings of the circles of those that are due together, then comes a link for each
  /// place.
  private var links: [Link] = (0..<UInt32(slots)).map { Link(next: $0, previous: $0, tick: 0) }
  /// Whoever was due until then was given.
  private var reached: Tick?

  private struct Link: BitwiseCopyable {
    var next = nobody
    var previous = nobody
    var tick: Tick = 0
  }

  static func tick(of time: Timestamp) -> Tick { time.nanoseconds / 250_000_000 }

  /// The first step that surely begins so many seconds after something that came in another one.
  static func tick(seconds: Int64, after tick: Tick) -> Tick { tick + 4 * seconds + 1 }

  /// Whether a place is in it.
  func contains(_ place: Int) -> Bool {
    place + Self.slots < links.count && links[place + Self.slots].next != Self.nobody
  }

  /// Has a place be due at a step, or sooner where it is already in it; what lies behind the end of the wheel
  /// comes sooner too.
  mutating func put(_ place: Int, at tick: Tick) {
    let index = place + Self.slots
    if index >= links.count { extend(to: index) }
    let first = (reached ?? tick - 1) + 1
    let due = min(max(tick, first), first + Tick(Self.slots) - 2)
    if links[index].next != Self.nobody {
      guard due < links[index].tick else { return }
      remove(place)
    }
    reached = first - 1
    let slot = Self.slot(due)
    let last = links[slot].previous
    links[index] = Link(next: UInt32(slot), previous: last, tick: due)
    links[Int(last)].next = UInt32(index)
    links[slot].previous = UInt32(index)
  }

  /// Takes a place out, if it is in.
  mutating func remove(_ place: Int) {
    guard contains(place) else { return }
    let link = links[place + Self.slots]
    links[Int(link.previous)].next = link.next
    links[Int(link.next)].previous = link.previous
    links[place + Self.slots].next = Self.nobody
  }

  /// Takes out those that are due until a step, the first `count` of them.
  mutating func take(until tick: Tick, atMost count: Int) -> [Int] {
    guard let reached else { return [] }
    var places: [Int] = []
    // A longer way leads past nobody twice.
    var next = max(reached + 1, tick - Tick(Self.slots) + 1)
    while next <= tick {
      let slot = Self.slot(next)
      while links[slot].next != UInt32(slot) {
        guard places.count < count else {
          self.reached = next - 1
          return places
        }
        let place = Int(links[slot].next) - Self.slots
        remove(place)
        places.append(place)
      }
      next += 1
    }
    self.reached = max(reached, tick)
    return places
  }

  private static func slot(_ tick: Tick) -> Int { Int(tick & Tick(slots - 1)) }

  private mutating func extend(to index: Int) {
    let more = max(1_024, index + 1 - links.count, links.count / 2)
    links += Array(repeating: Link(), count: more)
  }
}
