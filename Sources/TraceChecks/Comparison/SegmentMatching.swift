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
  private(set) var partnerInB: [Int?]
  private(set) var partnerInA: [Int?]
  /// For each segment that has no partner, but is a copy of one that has: that one's index in its own
  /// capture.
  private(set) var originalInA: [Int?]
  private(set) var originalInB: [Int?]

  init(_ a: [RecordedSegment], _ b: [RecordedSegment]) {
    self.a = a
    self.b = b
    partnerInB = [Int?](repeating: nil, count: a.count)
    partnerInA = [Int?](repeating: nil, count: b.count)
    originalInA = partnerInB
    originalInB = partnerInA
    pair(by: SegmentIdentity.exact, usual: nil, within: nil)
  }

  /// How much later the clock of `b` showed each segment than that of `a`, in nanoseconds, sorted.
  var delays: [Int64] {
    partnerInB.indices.compactMap { index in partnerInB[index].map { delay(index, $0) } }.sorted()
  }

  func delay(_ indexInA: Int, _ indexInB: Int) -> Int64 {
    let nanoseconds = b[indexInB].mark.time.nanoseconds(since: a[indexInA].mark.time)
    return max(-Self.longestDelay, min(Self.longestDelay, nanoseconds))
  }

  /// Clocks that are seventy years apart are wrong by any measure; so much can be added and subtracted.
  private static let longestDelay: Int64 = 1 << 61

  /// Pairs what could not be before it was known how long the way usually takes.
  ///
  /// - Parameter usual: By how much the clock of `b` is ahead when a segment comes there.
  mutating func complete(usual: Int64) {
    pair(by: SegmentIdentity.exact, usual: usual, within: nil)
    nameCopies()
    // What a middlebox has changed of a segment is told by what it has left.
    pair(by: SegmentIdentity.numbered, usual: usual, within: nil)
    pair(by: SegmentIdentity.shifted, usual: usual, within: nil)
    pair(by: SegmentIdentity.placed, usual: usual, within: Self.plausibleSpread)
    nameCopies()
  }

  /// What has but its sequence number in common may be another segment, unless it comes about when it
  /// should.
  static let plausibleSpread: Int64 = 100_000_000

  /// Pairs segments that have no partner yet and the same identity.
  ///
  /// Without a usual delay only those are paired of which there is no choice.
  private mutating func pair(
    by identity: (RecordedSegment) -> SegmentIdentity?, usual: Int64?, within spread: Int64?
  ) {
    var groups: [SegmentIdentity: Int] = [:]
    var members: [(a: [Int], b: [Int])] = []
    for index in a.indices where partnerInB[index] == nil && originalInA[index] == nil {
      guard let key = identity(a[index]) else { continue }
      if let group = groups[key] {
        members[group].a.append(index)
      } else {
        groups[key] = members.count
        members.append(([index], []))
      }
    }
    guard !groups.isEmpty else { return }
    for index in b.indices where partnerInA[index] == nil && originalInB[index] == nil {
      guard let key = identity(b[index]), let group = groups[key] else { continue }
      members[group].b.append(index)
    }
    for group in members where !group.b.isEmpty {
      let isUnique = group.a.count == 1 && a[group.a[0]].isNumbered
      if isUnique, spread == nil {
        // The first that comes is the one; what comes after it is a copy.
        join(group.a[0], group.b[0])
      } else if group.a.count == group.b.count, usual == nil || spread == nil {
        for (one, other) in zip(group.a, group.b) { join(one, other) }
      } else if let usual {
        align(group, usual, within: spread)
      }
    }
  }

  private mutating func align(_ group: (a: [Int], b: [Int]), _ usual: Int64, within spread: Int64?)
  {
    func deviation(_ one: Int, _ other: Int) -> Double {
      abs(Double(delay(group.a[one], group.b[other])) - Double(usual))
    }
    let pairs = Alignment.pairs((group.a.count, group.b.count), cost: deviation)
    for (one, other) in pairs {
      if let spread, deviation(one, other) > Double(spread) { continue }
      join(group.a[one], group.b[other])
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

  private static func copies(in segments: [RecordedSegment], _ partners: [Int?]) -> [Int?] {
    var originals = [Int?](repeating: nil, count: segments.count)
    guard partners.contains(nil) else { return originals }
    var first: [SegmentIdentity: Int] = [:]
    for index in segments.indices where partners[index] != nil && segments[index].isNumbered {
      if let key = SegmentIdentity.exact(segments[index]), first[key] == nil { first[key] = index }
    }
    for index in segments.indices where partners[index] == nil && segments[index].isNumbered {
      originals[index] = SegmentIdentity.exact(segments[index]).flatMap { first[$0] }
    }
    return originals
  }
}

/// What segments are held to be the same by.
struct SegmentIdentity: Hashable {
  private let numbers: UInt64
  private let lengths: UInt64
  private let times: UInt64
  private let rest: UInt64

  /// All of the header that no router changes.
  static func exact(_ segment: RecordedSegment) -> SegmentIdentity? {
    SegmentIdentity(
      numbers: UInt64(segment.sequence.rawValue) << 32
        | UInt64(segment.acknowledgment.rawValue),
      lengths: UInt64(segment.payloadLength) << 32 | UInt64(segment.window) << 16
        | UInt64(segment.identification),
      times: UInt64(segment.timestampValue) << 32 | UInt64(segment.timestampEcho),
      rest: UInt64(segment.flags.subtracting(.congestion).rawValue))
  }

  /// Its place in the stream and what the sender's stack numbers packets with.
  static func numbered(_ segment: RecordedSegment) -> SegmentIdentity? {
    guard segment.identification != 0 else { return nil }
    return SegmentIdentity(
      numbers: UInt64(segment.sequence.rawValue), lengths: segment.extent,
      times: UInt64(segment.identification), rest: segment.control)
  }

  /// Whatever its sequence numbers are now.
  static func shifted(_ segment: RecordedSegment) -> SegmentIdentity? {
    guard segment.isNumbered else { return nil }
    return SegmentIdentity(
      numbers: segment.payloadStart, lengths: segment.extent,
      times: UInt64(segment.timestampValue) << 32 | UInt64(segment.identification),
      rest: segment.control)
  }

  /// Its place in the stream.
  static func placed(_ segment: RecordedSegment) -> SegmentIdentity? {
    SegmentIdentity(
      numbers: UInt64(segment.sequence.rawValue), lengths: segment.extent, times: 0,
      rest: segment.control)
  }
}

extension RecordedSegment {
  /// Whether its sender has given it a number that tells it from one sent again.
  var isNumbered: Bool { identification != 0 || timestampValue != 0 }

  fileprivate var extent: UInt64 { UInt64(payloadLength) }

  /// The flags that no middlebox can change without changing what the segment is.
  fileprivate var control: UInt64 {
    UInt64(flags.intersection([.syn, .fin, .rst, .ack]).rawValue)
  }
}

extension TCPFlags {
  /// What routers and proxies may change of a segment (RFC 3168 §6.1).
  static var congestion: TCPFlags { [.ece, .cwr, .ae] }
}
