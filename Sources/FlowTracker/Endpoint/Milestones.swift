import PacketParser

/// The frames that moved a connection from one state to the next, each kept once.
///
/// A frame of the handshake or the close is spoken of from many places (the timelines of both ends,
/// the handshake, the FINs), which name it by a byte.
struct Milestones: BitwiseCopyable {
  static let capacity = 12

  private var taken: UInt16 = 0
  private var latest = Milestone.none
  fileprivate var marks = InlineArray<12, FrameMark>(
    repeating: FrameMark(frame: 0, time: Timestamp(nanoseconds: 0)))

  init() {}

  var isFull: Bool { taken == (1 << Self.capacity) - 1 }

  /// The milestone of a frame, or of a timer that ran out at the same time.
  @inline(__always)
  mutating func milestone(at mark: FrameMark) -> Milestone? {
    guard latest != .none else { return nil }
    let newest = marks[Int(latest.index)].frame
    if newest == mark.frame, mark.frame > 0 { return latest }
    return mark.frame > newest ? nil : earlierMilestone(at: mark)
  }

  @inline(never)
  private mutating func earlierMilestone(at mark: FrameMark) -> Milestone? {
    for index in 0..<Self.capacity where taken & 1 &<< UInt16(index) != 0 {
      if marks[index].frame == mark.frame, marks[index].time == mark.time {
        return Milestone(index: UInt8(index))
      }
    }
    return nil
  }

  /// Adds a frame; there must be room.
  @inline(__always)
  mutating func add(_ mark: FrameMark) -> Milestone {
    precondition(!isFull)
    latest = Milestone(index: UInt8((~taken).trailingZeroBitCount))
    taken |= 1 &<< UInt16(latest.index)
    marks[Int(latest.index)] = mark
    return latest
  }

  /// Forgets all but those of the set.
  mutating func keep(_ wanted: MilestoneSet) {
    taken &= wanted.bits
  }

  /// Forgets all.
  mutating func removeAll() {
    taken = 0
    latest = .none
  }
}

extension LiveConnection {
  /// The frame of a milestone; straight from its place, since Swift 6.3 copies all of `Milestones` for a
  /// getter.
  @inline(__always)
  func frameMark(_ milestone: Milestone) -> FrameMark? {
    milestone == .none ? nil : history.milestones.marks[Int(milestone.index)]
  }
}

extension ConnectionRecord {
  /// The frame of a milestone, likewise.
  @inline(__always)
  func frameMark(_ milestone: Milestone) -> FrameMark? {
    milestone == .none ? nil : history.milestones.marks[Int(milestone.index)]
  }
}

/// One of a connection's `Milestones`.
struct Milestone: Equatable, BitwiseCopyable {
  var index: UInt8

  static let none = Milestone(index: .max)
}

/// A set of a connection's milestones.
struct MilestoneSet {
  fileprivate var bits: UInt16 = 0

  mutating func insert(_ milestone: Milestone) {
    if milestone != .none { bits |= 1 &<< UInt16(milestone.index) }
  }
}
