/// Where the irregularities of connections lie that have any: each is taken when it is first asked for, and
/// given back with its connection.
///
/// Few connections have them, so they lie close together, and their memory follows the most that had any at
/// one time.
@safe
struct IrregularityPool: ~Copyable {
  typealias Irregularities = InlineArray<2, EndpointIrregularities>

  /// So many records fill whole huge pages.
  private static let step = 16_384
  /// Most captures have few connections, for which a huge page is too much to clear.
  private static let firstStep = 256

  private let records: RecordSpace<Irregularities>
  /// Of each connection that has any, the number of its record.
  private let numbers: RecordSpace<UInt32>
  private let capacity: Int
  /// Records whose memory may be used; what lies beyond them is only reserved.
  private var usable = 0
  private var used: UInt32 = 0
  private var free: [UInt32] = []

  /// Address space for as many as `capacity`; `nil` when there is not so much.
  init?(capacity: Int) {
    guard let records = RecordSpace<Irregularities>(capacity: capacity, areTouchedByMost: true),
      let numbers = RecordSpace<UInt32>(capacity: capacity, areTouchedByMost: false)
    else { return nil }
    self.records = records
    self.numbers = numbers
    self.capacity = capacity
  }

  /// Makes the numbers of the next `count` connections memory; `false` when there is none.
  func extend(from start: Int, by count: Int) -> Bool {
    numbers.extend(from: start, by: count)
  }

  var bytesInUse: Int { (Int(used) - free.count) &* Self.bytesPerRecord }

  static let bytesPerRecord = RecordSpace<Irregularities>.stride

  // Where the fields lie that are fetched: worked out when this is compiled, as they would not be as constants.

  /// The bytes and frames that are counted of an end, which come first.
  @inline(__always)
  private static var counts: Range<Int> { 0..<32 }
  @inline(__always)
  private static var shutWindow: Range<Int> { bytes(of: \.shutWindow) }
  @inline(__always)
  private static var gap: Range<Int> { bytes(of: \.gapLeft) }
  @inline(__always)
  private static var losses: Range<Int> { bytes(of: \.losses) }
  /// Which there are, and the first of them.
  @inline(__always)
  private static var sightings: Range<Int> { bytes(of: \.sightings).prefix(32) }

  @inline(__always)
  private static func bytes<Field>(of field: KeyPath<EndpointIrregularities, Field>) -> Range<Int> {
    let start = MemoryLayout<EndpointIrregularities>.offset(of: field) ?? 0
    return start..<(start + MemoryLayout<Field>.size)
  }

  /// The record of a connection that has one.
  func record(of id: ConnectionID) -> UnsafeMutablePointer<Irregularities> {
    unsafe records[ConnectionID(rawValue: numbers[id].pointee)]
  }

  /// Starts to bring into the cache what any segment may touch: of its end the window and the latest gap; of
  /// its peer the window, and what shows whether that takes what it gets.
  ///
  /// What only repeats touch is more, and not worth it.
  @inline(__always)
  func prefetch(_ id: ConnectionID, of sender: Side) {
    let record = unsafe ConnectionID(rawValue: numbers[id].pointee)
    let end = MemoryLayout<EndpointIrregularities>.stride
    let (own, peer) = (end * Int(sender.rawValue), end * Int(sender.peer.rawValue))
    records.prefetch(record, bytes: Self.shutWindow.shifted(by: own))
    records.prefetch(record, bytes: Self.gap.shifted(by: own))
    records.prefetch(record, bytes: Self.shutWindow.shifted(by: peer))
    records.prefetch(record, bytes: Self.losses.shifted(by: peer))
  }

  /// Starts to bring into the cache what a copy of a frame touches of an end: its counts, and the first of its
  /// sightings.
  @inline(__always)
  func prefetchCopies(_ id: ConnectionID, of sender: Side) {
    let record = unsafe ConnectionID(rawValue: numbers[id].pointee)
    let start = MemoryLayout<EndpointIrregularities>.stride * Int(sender.rawValue)
    records.prefetch(record, bytes: Self.counts.shifted(by: start))
    records.prefetch(record, bytes: Self.sightings.shifted(by: start))
  }

  /// Gives a connection a record, in which nothing is irregular yet.
  mutating func begin(_ id: ConnectionID) {
    let number = free.popLast() ?? next()
    unsafe numbers[id].initialize(to: number)
    unsafe record(of: id).initialize(to: InlineArray(repeating: EndpointIrregularities()))
  }

  /// Takes the record of a connection back.
  mutating func end(_ id: ConnectionID) {
    unsafe free.append(numbers[id].pointee)
  }

  private mutating func next() -> UInt32 {
    if Int(used) == usable {
      let added = min(
        usable == 0 ? Self.firstStep : Self.step - usable % Self.step, capacity - usable)
      guard added > 0, records.extend(from: usable, by: added) else {
        fatalError("out of memory: no room for more connections; lower the connection limit")
      }
      usable += added
    }
    used += 1
    return used - 1
  }
}

extension Range<Int> {
  @inline(__always)
  fileprivate func shifted(by distance: Int) -> Range {
    lowerBound + distance..<upperBound + distance
  }
}
