/// Segments with more payload than their receiver has offered to take (RFC 9293 §3.7.1), as they lie in the
/// table.
struct OversizedSegments: BitwiseCopyable {
  /// In bytes.
  private(set) var largest: UInt32 = 0
  private var count: UInt32 = 0
  /// Frames count from the first one of the connection: four bytes are enough for them.
  private var first: UInt32 = 0
  private var last: UInt32 = 0

  init() {}

  mutating func note(_ payload: UInt32, frame: Int, of beginning: Int) {
    let offset = UInt32(clamping: frame - beginning)
    if count == 0 { first = offset }
    last = offset
    count &+= count == .max ? 0 : 1
    largest = max(largest, payload)
  }

  /// How many there were, in a connection whose first frame was `beginning`; `nil` where there was none.
  func sightings(since beginning: Int) -> Sightings? {
    guard count > 0 else { return nil }
    return Sightings(
      count: Int(count), first: beginning + Int(first), last: beginning + Int(last))
  }
}
