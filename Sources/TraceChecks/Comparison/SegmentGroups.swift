/// Segments of two captures in groups of one identity each, in the order in which the first ones came.
struct SegmentGroups {
  private var indices: [SegmentIdentity: UInt32] = [:]
  /// The first and the last member of each group, and the next one after each member: of `a`, then of `b`.
  private var ends: [[(first: UInt32, last: UInt32)]] = [[], []]
  private var next: [[UInt32]] = [[], []]

  private static let nothing = UInt32.max

  var count: Int { ends[0].count }

  init(
    of a: [RecordedSegment], where isWanted: (Int) -> Bool,
    by identity: (RecordedSegment) -> SegmentIdentity?
  ) {
    next[0] = [UInt32](repeating: Self.nothing, count: a.count)
    for index in a.indices where isWanted(index) {
      guard let key = identity(a[index]) else { continue }
      let group = indices[key] ?? UInt32(count)
      if Int(group) == count {
        indices[key] = group
        ends[0].append((Self.nothing, Self.nothing))
      }
      append(index, to: Int(group), in: 0)
    }
    ends[1] = ends[0].map { _ in (Self.nothing, Self.nothing) }
  }

  /// Adds segments of the other capture to the groups that there are.
  mutating func add(
    _ b: [RecordedSegment], where isWanted: (Int) -> Bool,
    by identity: (RecordedSegment) -> SegmentIdentity?
  ) {
    next[1] = [UInt32](repeating: Self.nothing, count: b.count)
    for index in b.indices where isWanted(index) {
      guard let key = identity(b[index]), let group = indices[key] else { continue }
      append(index, to: Int(group), in: 1)
    }
  }

  private mutating func append(_ index: Int, to group: Int, in capture: Int) {
    let last = ends[capture][group].last
    if last == Self.nothing {
      ends[capture][group].first = UInt32(index)
    } else {
      next[capture][Int(last)] = UInt32(index)
    }
    ends[capture][group].last = UInt32(index)
  }

  /// The members of a group; `nil` where one capture has none.
  func members(of group: Int) -> (a: [Int], b: [Int])? {
    guard ends[0][group].first != Self.nothing, ends[1][group].first != Self.nothing else {
      return nil
    }
    return (list(of: group, in: 0), list(of: group, in: 1))
  }

  private func list(of group: Int, in capture: Int) -> [Int] {
    var list: [Int] = []
    var index = ends[capture][group].first
    while index != Self.nothing {
      list.append(Int(index))
      index = next[capture][Int(index)]
    }
    return list
  }
}
