import FlowTracker
import PacketParser

/// Which segments are the same ones, of those that one end has sent in two captures.
///
/// What a sender's stack numbers (the IPv4 identification, the timestamp) tells its transmissions of the
/// same bytes apart. Where nothing does, the ones are paired whose delays are closest to the usual one.
struct SegmentMatching {
  let a: [RecordedSegment]
  let b: [RecordedSegment]
  /// For each segment of `a` the index of the same one in `b`; `nil` where there is none.
  private(set) var partnerInB: IndexList
  private(set) var partnerInA: IndexList
  /// For each segment that has no partner, but is a copy of one that has: that one's index in its own
  /// capture.
  private(set) var originalInA: IndexList
  private(set) var originalInB: IndexList
  /// How much faster the clock of `b` goes.
  private var drift = ClockDrift.none
  /// The two delays in the middle, and how many there are.
  private var middle: (lower: Int64, upper: Int64)?
  private(set) var pairCount = 0

  init(_ a: [RecordedSegment], _ b: [RecordedSegment]) {
    self.a = a
    self.b = b
    partnerInB = IndexList(count: a.count)
    partnerInA = IndexList(count: b.count)
    originalInA = partnerInB
    originalInB = partnerInA
    pair(by: SegmentIdentity.exact, usual: nil, within: nil)
    findMiddle()
    guard pairCount == 0 else { return }
    // Something is rewritten in all of them.
    pair(by: SegmentIdentity.numbered, usual: nil, within: nil)
    pair(by: SegmentIdentity.shifted, usual: nil, within: nil)
    findMiddle()
  }

  // MARK: - Delays

  /// How much later the clock of `b` showed each segment than that of `a`, in nanoseconds, sorted.
  var delays: [Int64] {
    partnerInB.indices.compactMap { index in partnerInB[index].map { delay(index, $0) } }.sorted()
  }

  func delay(_ indexInA: Int, _ indexInB: Int) -> Int64 {
    let sent = a[indexInA].mark.time
    let nanoseconds = b[indexInB].mark.time.nanoseconds(since: sent)
    return max(-Self.longestDelay, min(Self.longestDelay, nanoseconds)) - drift.ahead(at: sent)
  }

  /// Clocks that are seventy years apart are wrong by any measure; so much can be added and subtracted.
  private static let longestDelay: Int64 = 1 << 61

  /// The delay that is usual for segments that travel so; `nil` where none has a partner.
  ///
  /// It is the median; of two the shorter one, since what is unusual is longer.
  func usualAhead(_ travel: Travel?) -> Int64? {
    middle.map { travel == .bToA ? $0.upper : $0.lower }
  }

  private mutating func findMiddle() {
    let delays = delays
    pairCount = delays.count
    middle = delays.isEmpty ? nil : (delays[(delays.count - 1) / 2], delays[delays.count / 2])
  }

  /// From here on, delays are what they would be if both clocks went equally fast.
  mutating func correct(_ drift: ClockDrift) {
    self.drift = drift
    findMiddle()
  }

  // MARK: - Pairs

  /// Pairs what could not be before it was known how long the way usually takes.
  ///
  /// - Parameter usual: By how much the clock of `b` is ahead when a segment comes there.
  mutating func complete(usual: Int64) {
    guard partnerInB.hasGaps || partnerInA.hasGaps else { return }
    pair(by: SegmentIdentity.exact, usual: usual, within: nil)
    nameCopies()
    // What a middlebox has changed of a segment is told by what it has left.
    pair(by: SegmentIdentity.numbered, usual: usual, within: nil)
    pair(by: SegmentIdentity.shifted, usual: usual, within: nil)
    let shift = shift
    pair(
      by: { SegmentIdentity.placed($0, shiftedBy: shift) },
      { SegmentIdentity.placed($0, shiftedBy: 0) }, usual: usual, within: Self.plausibleSpread)
    nameCopies()
    findMiddle()
  }

  /// By how much the numbers of most pairs are shifted.
  private var shift: UInt32 {
    var majority = Majority()
    for index in partnerInB.indices {
      if let partner = partnerInB[index] { majority.add(b[partner].sequence - a[index].sequence) }
    }
    return UInt32(bitPattern: majority.value)
  }

  /// What has but its sequence number in common may be another segment, unless it comes about when it
  /// should.
  static let plausibleSpread: Int64 = 100_000_000

  /// Pairs segments that have no partner yet and the same identity.
  ///
  /// Without a usual delay only those are paired of which there is no choice.
  private mutating func pair(
    by identity: (RecordedSegment) -> SegmentIdentity?,
    _ identityInB: ((RecordedSegment) -> SegmentIdentity?)? = nil, usual: Int64?,
    within spread: Int64?
  ) {
    var groups = SegmentGroups(
      of: a, where: { partnerInB[$0] == nil && originalInA[$0] == nil }, by: identity)
    guard groups.count > 0 else { return }
    groups.add(b, where: { partnerInA[$0] == nil && originalInB[$0] == nil }) {
      // Of most the same holds in both.
      if let identityInB { identityInB($0) } else { identity($0) }
    }
    for group in 0..<groups.count {
      guard let (inA, inB) = groups.members(of: group) else { continue }
      let isUnique = inA.count == 1 && a[inA[0]].isNumbered
      if isUnique, spread == nil {
        // The first that comes is the one; what comes after it is a copy.
        join(inA[0], inB[0])
      } else if inA.count == inB.count, usual == nil || spread == nil {
        for (one, other) in zip(inA, inB) { join(one, other) }
      } else if let usual {
        align(inA, inB, usual, within: spread)
      }
    }
  }

  private mutating func align(
    _ inA: [Int], _ inB: [Int], _ usual: Int64, within spread: Int64?
  ) {
    func deviation(_ one: Int, _ other: Int) -> Double {
      abs(Double(delay(inA[one], inB[other])) - Double(usual))
    }
    for (one, other) in Alignment.pairs((inA.count, inB.count), cost: deviation) {
      if let spread, deviation(one, other) > Double(spread) { continue }
      join(inA[one], inB[other])
    }
  }

  private mutating func join(_ indexInA: Int, _ indexInB: Int) {
    partnerInB[indexInA] = indexInB
    partnerInA[indexInB] = indexInA
  }

  /// Finds the copies of what has a partner.
  private mutating func nameCopies() {
    originalInA = Self.copies(in: a, partnerInB)
    originalInB = Self.copies(in: b, partnerInA)
  }

  private static func copies(in segments: [RecordedSegment], _ partners: IndexList) -> IndexList {
    var originals = IndexList(count: segments.count)
    guard partners.hasGaps else { return originals }
    // Most have partners, so those are asked for that the others may be copies of.
    var first: [SegmentIdentity: Int?] = [:]
    for index in segments.indices where partners[index] == nil {
      if let key = SegmentIdentity.exact(segments[index]) { first[key] = .some(nil) }
    }
    for index in segments.indices where partners[index] != nil {
      if let key = SegmentIdentity.exact(segments[index]), first[key] == .some(nil) {
        first[key] = index
      }
    }
    for index in segments.indices where partners[index] == nil {
      guard let key = SegmentIdentity.exact(segments[index]), let original = first[key] ?? nil,
        isCopy(segments[index], of: segments[original])
      else { continue }
      originals[index] = original
    }
    return originals
  }

  /// Whether of two equal segments one is a copy of the other, and was not sent again.
  private static func isCopy(_ segment: RecordedSegment, of original: RecordedSegment) -> Bool {
    if segment.isNumbered { return true }
    // Acknowledgments may be repeated at any time, other segments only when a timer has run out.
    let takesNumbers =
      segment.payloadLength > 0 || !segment.flags.isDisjoint(with: [.syn, .fin])
    let distance = segment.mark.time.nanoseconds(since: original.mark.time)
    return takesNumbers && distance.magnitude <= UInt64(soonestRepeat)
  }

  /// No stack sends anything again so soon.
  private static let soonestRepeat: Int64 = 10_000_000
}
