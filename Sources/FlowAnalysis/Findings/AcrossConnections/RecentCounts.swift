import PacketParser

/// How often something happened to a host in some span of time, for the latest of them.
///
/// What fails is told later than what succeeds, since it is waited for. So whatever succeeds is counted
/// here, for any host, at the price of one look into a table: when something fails, it shows what to
/// hold it against. Where two fall on one place the later one has it.
///
/// The table is not in the cache, as seldom as it is looked at. So what is to be counted waits a while, and its
/// place is on its way meanwhile.
struct RecentCounts: ~Copyable {
  private static let placeBits = 13

  private let spanNanoseconds: Int64
  /// The span asked for last, and when it begins: most are in that, and to divide takes long.
  private var latest: (span: UInt32, start: Int64) = (0, 0)
  private var places = HostRecords<Place>(count: 1 << placeBits)
  private var waiting = InlineArray<16, Event>(repeating: Event())
  private var waitingCount = 0

  struct Place: HostRecord, BitwiseCopyable {
    var tag: UInt32 = 0
    var span: UInt32 = 0
    var count: UInt64 = 0
  }

  private struct Event: BitwiseCopyable {
    var place = 0
    var tag: UInt32 = 0
    var span: UInt32 = 0
  }

  /// Counts by spans of so many nanoseconds.
  init(spanNanoseconds: Int64) {
    self.spanNanoseconds = spanNanoseconds
  }

  @inline(__always)
  mutating func count(_ hash: UInt64, at time: Timestamp) {
    let span = span(of: time)
    let (place, tag) = Self.place(of: hash, span)
    places.prefetch(place)
    waiting[waitingCount] = Event(place: place, tag: tag, span: span)
    waitingCount &+= 1
    if waitingCount == waiting.count { countWaiting() }
  }

  @inline(never)
  private mutating func countWaiting() {
    for number in 0..<waitingCount {
      let event = waiting[number]
      let known = places[event.place]
      if known.span == event.span, known.tag == event.tag {
        places[event.place].count += 1
      } else if known.count == 0 || Int32(bitPattern: event.span &- known.span) >= 0 {
        places[event.place] = Place(tag: event.tag, span: event.span, count: 1)
      }
    }
    waitingCount = 0
  }

  /// How often it happened in the spans from the one of `first` to the one of `last`, as far as that is
  /// known: of at most 8.
  mutating func sum(_ hash: UInt64, from first: Timestamp, to last: Timestamp) -> Int {
    countWaiting()
    var sum: UInt64 = 0
    var span = span(of: first)
    let spans = min(max(Int32(bitPattern: self.span(of: last) &- span), 0), 7)
    for _ in 0...spans {
      let (index, tag) = Self.place(of: hash, span)
      if places[index].span == span, places[index].tag == tag { sum += places[index].count }
      span &+= 1
    }
    return Int(sum)
  }

  @inline(__always)
  private mutating func span(of time: Timestamp) -> UInt32 {
    let offset = UInt64(bitPattern: time.nanoseconds &- latest.start)
    if offset >= UInt64(bitPattern: spanNanoseconds) { findSpan(of: time) }
    return latest.span
  }

  @inline(never)
  private mutating func findSpan(of time: Timestamp) {
    let number = time.nanoseconds / spanNanoseconds
    latest = (UInt32(truncatingIfNeeded: number), number &* spanNanoseconds)
  }

  @inline(__always)
  private static func place(of hash: UInt64, _ span: UInt32) -> (index: Int, tag: UInt32) {
    let mix = (hash ^ UInt64(span) << 32) &* 0x9e37_79b9_7f4a_7c15
    return (Int(mix >> UInt64(64 - placeBits)), UInt32(truncatingIfNeeded: hash))
  }
}
