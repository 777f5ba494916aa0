public import FlowTracker
import PacketParser

/// The story of one connection: its segments one by one, and the states of both ends beside them.
///
/// The states are those of the finished timelines, so what was taken back later does not show.
public struct Ladder: Sendable {
  public let report: ConnectionReport
  public let rungs: [Rung]
  /// Whether the capture could be read to its end.
  public let isWhole: Bool
  /// What the relative sequence numbers of each end are counted from: the client's, the server's.
  private let origins: [SequenceNumber?]

  /// The ladder of a connection whose segments were asked for; `nil` if they were not.
  public init?(_ report: ConnectionReport, isWhole: Bool = true) {
    guard let log = report.segments else { return nil }
    self.report = report
    self.isWhole = isWhole
    rungs = RungBuilder(report).rungs(of: log)
    origins = Side.allCases.map { side in
      log.initialSequences[Int(side.rawValue)] ?? Self.firstSequence(of: side, in: log)
    }
  }

  /// Where the SYN was not captured, the first byte that was is number 1, as after a SYN.
  private static func firstSequence(of side: Side, in log: SegmentLog) -> SequenceNumber? {
    let back = UInt32.max
    if let first = log.segments.first(where: { $0.sender == side && !$0.isLoneReset }) {
      return first.sequence + back
    }
    return log.segments.first { $0.sender != side && $0.flags.contains(.ack) }
      .map { $0.acknowledgment + back }
  }

  public func knowsInitialSequence(of side: Side) -> Bool {
    report.segments?.initialSequences[Int(side.rawValue)] != nil
  }

  /// The sequence number counted from that of the sender's SYN, or, where that is unknown, from the
  /// one before the first that was captured.
  public func relativeSequence(_ segment: LoggedSegment) -> Int64? {
    relative(segment.sequence, to: segment.sender)
  }

  /// The acknowledgment number by the same rule; `nil` without ACK.
  public func relativeAcknowledgment(_ segment: LoggedSegment) -> Int64? {
    guard segment.flags.contains(.ack) else { return nil }
    return relative(segment.acknowledgment, to: segment.sender.peer)
  }

  /// The first SACK block by the same rule; `nil` without one.
  public func relativeSACKBlock(_ segment: LoggedSegment) -> (left: Int64, right: Int64)? {
    guard segment.sackBlockCount > 0,
      let left = relative(segment.sackBlock.left, to: segment.sender.peer),
      let right = relative(segment.sackBlock.right, to: segment.sender.peer)
    else { return nil }
    return (left, right)
  }

  /// Up to 16 MB before the origin are behind it, everything else is ahead.
  private func relative(_ number: SequenceNumber, to side: Side) -> Int64? {
    guard let origin = origins[Int(side.rawValue)] else { return nil }
    let distance = number - origin
    return distance < 0 && distance > -(1 << 24)
      ? Int64(distance) : Int64(number.rawValue &- origin.rawValue)
  }

  /// The window in bytes; `nil` when a SYN was not captured, so that its scale is not known.
  public func windowBytes(_ segment: LoggedSegment) -> Int? {
    if segment.flags.contains(.syn) { return Int(segment.window) }
    return report[segment.sender].windowShift.map { Int(segment.window) << Int($0) }
  }

  /// One line of the ladder.
  public enum Rung: Sendable {
    case segment(LoggedSegment, States)
    case fold(FoldedSegments, States)
    /// States change without a segment that is told: a timer ran out, a state must have been, or the
    /// segment is folded away.
    case change(Transition, States)
  }

  /// Both ends after a rung.
  public struct States: Sendable {
    fileprivate(set) var ends = InlineArray<2, Transition?>(repeating: nil)
    fileprivate(set) var isNew = InlineArray<2, Bool>(repeating: false)

    /// The transition that led into the state an end is in; `nil` where nothing is known of it.
    public subscript(side: Side) -> Transition? { ends[Int(side.rawValue)] }

    /// Whether the end has entered its state at this rung, or this is the first rung to show it.
    public func isNew(_ side: Side) -> Bool { isNew[Int(side.rawValue)] }
  }
}

extension LoggedSegment {
  /// A RST without ACK may have any number.
  fileprivate var isLoneReset: Bool { flags.contains(.rst) && !flags.contains(.ack) }
}

/// Lays the timelines of both ends beside the segments.
private struct RungBuilder {
  private let timelines: [Timeline]
  /// The next transition of each end.
  private var next = [0, 0]
  private var states = Ladder.States()
  private var rungs: [Ladder.Rung] = []

  init(_ report: ConnectionReport) {
    timelines = [report[.client].states, report[.server].states]
  }

  consuming func rungs(of log: SegmentLog) -> [Ladder.Rung] {
    var folds = log.folds[...]
    for (index, segment) in log.segments.enumerated() {
      while let fold = folds.first, fold.position <= index {
        add(fold)
        folds.removeFirst()
      }
      add(segment)
    }
    for fold in folds { add(fold) }
    if log.folds.last?.isOutside != true { tellChanges { _ in true } }
    return rungs
  }

  private mutating func add(_ segment: LoggedSegment) {
    let frame = segment.mark.frame
    tellChanges { $0.frame > 0 ? $0.frame < frame : $0.time < segment.mark.time }
    // Of several states that one segment leads through, the last stands beside it.
    while true {
      let ends = (0..<2).filter { hasMore($0, at: frame) }
      var passing: Transition?
      for end in ends {
        guard let transition = upcoming(end), transition.frame == frame else { continue }
        next[end] += 1
        enter(transition, end)
        passing = transition
      }
      guard let passing else { break }
      rungs.append(.change(passing, states))
      states.isNew = [false, false]
    }
    for end in 0..<2 {
      guard let transition = upcoming(end), transition.frame == frame else { continue }
      next[end] += 1
      enter(transition, end)
    }
    rungs.append(.segment(segment, states))
    states.isNew = [false, false]
  }

  private mutating func add(_ fold: FoldedSegments) {
    if fold.isOutside {
      for end in 0..<2 {
        while let transition = upcoming(end), transition.frame <= fold.last.frame {
          next[end] += 1
          states.ends[end] = transition
        }
      }
      rungs.append(.fold(fold, states))
      // Whoever did not see how they came about is told.
      states.isNew = [true, true]
    } else {
      tellChanges { $0.frame > 0 && $0.frame < fold.first.frame }
      rungs.append(.fold(fold, states))
    }
  }

  /// Tells the next transitions for which `isDue` holds, the earlier ones first.
  private mutating func tellChanges(_ isDue: (Transition) -> Bool) {
    while true {
      let due = (0..<2).filter { end in upcoming(end).map(isDue) ?? false }
      let earliest = due.min { time(of: $0) < time(of: $1) }
      guard let earliest, let transition = upcoming(earliest) else { return }
      for end in due {
        guard let other = upcoming(end), other.frame == transition.frame,
          other.time == transition.time, other.evidence == transition.evidence
        else { continue }
        next[end] += 1
        enter(other, end)
      }
      rungs.append(.change(transition, states))
      states.isNew = [false, false]
    }
  }

  private mutating func enter(_ transition: Transition, _ end: Int) {
    states.ends[end] = transition
    states.isNew[end] = true
  }

  private func upcoming(_ end: Int) -> Transition? {
    next[end] < timelines[end].count ? timelines[end][next[end]] : nil
  }

  /// Whether the transition after the next one belongs to the frame too.
  private func hasMore(_ end: Int, at frame: Int) -> Bool {
    let index = next[end] + 1
    return index < timelines[end].count && timelines[end][index].frame == frame
  }

  private func time(of end: Int) -> Timestamp {
    upcoming(end)?.time ?? Timestamp(nanoseconds: .max)
  }
}
