/// How often something was true of an endpoint's segments, and of which first and last.
public struct Sightings: BitwiseCopyable, Sendable {
  public var count: Int
  /// Frame numbers.
  public var first: Int
  public var last: Int
}

/// The sightings of every fact at one endpoint, as they lie in the table.
struct SightingCounts: BitwiseCopyable {
  private var entries = InlineArray<32, Entry>(repeating: Entry())
  /// Those that were true of some segment.
  private(set) var facts: SegmentFacts = []

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
    self.facts.formUnion(facts)
    var left = facts.rawValue
    while left != 0 {
      let index = left.trailingZeroBitCount
      left &= left - 1
      if entries[index].count == 0 { entries[index].first = offset }
      entries[index].last = offset
      entries[index].count &+= entries[index].count == .max ? 0 : 1
    }
  }

  /// The sightings of a single fact, in a connection whose first frame was `beginning`.
  func sightings(of fact: SegmentFacts, since beginning: Int) -> Sightings? {
    let entry = entries[fact.rawValue.trailingZeroBitCount]
    guard entry.count > 0 else { return nil }
    return Sightings(
      count: Int(entry.count), first: beginning + Int(entry.first),
      last: beginning + Int(entry.last))
  }
}
