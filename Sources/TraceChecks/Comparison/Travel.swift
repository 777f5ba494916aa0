/// From which of two places segments come to the other.
public enum Travel: UInt8, CaseIterable, Sendable {
  case aToB
  case bToA

  /// The way back.
  public var back: Travel { self == .aToB ? .bToA : .aToB }

  public var name: String { self == .aToB ? "a-to-b" : "b-to-a" }
}

/// How long the way between two places takes, as the clocks of two captures have it.
///
/// Only differences between the clocks are seen: the way to `b` makes its clock seem ahead, the way back
/// makes it seem behind. So the way on which it is more ahead is the one to `b`, however wrong either is.
public struct PathDelays: Sendable {
  /// By how much the clock of `b` is ahead of that of `a` when a segment comes by, of which each has been
  /// seen; sorted, by `Travel`.
  private var ahead: [[Int64]] = [[], []]
  /// How much faster the clock of `b` goes, in millionths; 0 where that does not show.
  public internal(set) var driftPartsPerMillion = 0.0

  init() {}

  mutating func add(_ delays: [Int64], _ travel: Travel) {
    ahead[Int(travel.rawValue)] += delays
  }

  mutating func sort() {
    for way in ahead.indices { ahead[way].sort() }
  }

  /// By how much the clock of `b` usually is ahead when a segment has travelled so; `nil` where none was
  /// seen at both places.
  func usualAhead(_ travel: Travel) -> Int64? {
    let delays = ahead[Int(travel.rawValue)]
    guard !delays.isEmpty else { return nil }
    // Of two in the middle the shorter delay, since what is unusual is longer.
    return delays[travel == .bToA ? delays.count / 2 : (delays.count - 1) / 2]
  }

  /// The same, or the nearest thing to it.
  func anyUsualAhead(_ travel: Travel) -> Int64 {
    usualAhead(travel) ?? usualAhead(travel.back) ?? 0
  }

  /// By how much the clock of `b` is ahead, in nanoseconds, if the shortest delays of both ways are equal;
  /// `nil` where only one way was seen.
  public var clockOffsetNanoseconds: Int64? {
    guard let (toB, toA) = shortest else { return nil }
    return toA + (toB - toA) / 2
  }

  /// The shortest delay of either way in nanoseconds, if they are equal.
  public var leastNanoseconds: Int64? {
    guard let (toB, toA) = shortest else { return nil }
    return max(0, (toB - toA) / 2)
  }

  /// How long the way usually takes, in nanoseconds; `nil` where the clock offset is not known.
  public func usualNanoseconds(_ travel: Travel) -> Int64? {
    guard let offset = clockOffsetNanoseconds, let ahead = usualAhead(travel) else { return nil }
    return travel == .aToB ? ahead - offset : offset - ahead
  }

  private var shortest: (toB: Int64, toA: Int64)? {
    guard let toB = ahead[0].first, let toA = ahead[1].last else { return nil }
    return (toB, toA)
  }
}
