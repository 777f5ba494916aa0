/// How often something was true of an endpoint's segments, and of which first and last.
public struct Sightings: BitwiseCopyable, Sendable {
  public var count: Int
  /// Frame numbers.
  public var first: Int
  public var last: Int
}

/// The sightings of facts at one endpoint, as they lie in the table.
///
/// There is room for so many kinds of facts, which is more than any endpoint shows that is no attempt at
/// filling it; those that come after them are not remembered.
struct SightingCounts: BitwiseCopyable {
  private static let capacity = 20

  /// Those that were true of some segment; first, so that with the first of the entries they fill a cache line.
  private(set) var facts: SegmentFacts = []
  /// In the order of the facts that they belong to, those that were seen alone.
  private var entries = InlineArray<20, Entry>(repeating: Entry())

  /// Frames count from the first one of the connection: four bytes are enough for them.
  private struct Entry: BitwiseCopyable {
    var count: UInt32 = 0
    var first: UInt32 = 0
    var last: UInt32 = 0
  }

  init() {}

  /// Notes what is true of a segment.
  mutating func note(_ facts: SegmentFacts, frame: Int, of beginning: Int) {
    let offset = UInt32(clamping: frame - beginning)
    var left = facts.rawValue
    while left != 0 {
      let fact = SegmentFacts(rawValue: left & (~left + 1))
      left &= left - 1
      guard self.facts.contains(fact) || addPlace(for: fact, offset) else { continue }
      let index = place(of: fact)
      entries[index].last = offset
      entries[index].count &+= entries[index].count == .max ? 0 : 1
    }
  }

  /// The sightings of a single fact, in a connection whose first frame was `beginning`.
  @inline(__always)
  func sightings(of fact: SegmentFacts, since beginning: Int) -> Sightings? {
    guard facts.contains(fact) else { return nil }
    let entry = entries[place(of: fact)]
    return Sightings(
      count: Int(entry.count), first: beginning + Int(entry.first),
      last: beginning + Int(entry.last))
  }

  @inline(__always)
  private func place(of fact: SegmentFacts) -> Int {
    (facts.rawValue & (fact.rawValue - 1)).nonzeroBitCount
  }

  /// - Returns: Whether there was room for it.
  private mutating func addPlace(for fact: SegmentFacts, _ offset: UInt32) -> Bool {
    let count = facts.rawValue.nonzeroBitCount
    guard count < Self.capacity else { return false }
    let index = place(of: fact)
    for later in stride(from: count, to: index, by: -1) { entries[later] = entries[later - 1] }
    entries[index] = Entry(count: 0, first: offset, last: offset)
    facts.insert(fact)
    return true
  }
}
