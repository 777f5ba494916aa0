public import PacketParser

/// The states an endpoint went through, in order.
///
/// A connection passes eight states at most. Where there are many more (an attempt that is refused
/// again and again), the first and the latest are kept and the others counted.
public struct Timeline: RandomAccessCollection, Sendable {
  /// The most transitions that are kept.
  public static var capacity: Int { StateEntries.capacity }

  private let record: ConnectionRecord
  private let end: Int

  init(_ record: ConnectionRecord, _ end: Int) {
    self.record = record
    self.end = end
  }

  /// Transitions between the first and the last ones for which there was no room; 255 may be more.
  public var dropped: Int { Int(record.history.ends[end].states.dropped) }
  public var startIndex: Int { 0 }
  public var endIndex: Int { record.history.ends[end].states.count }

  public subscript(index: Int) -> Transition {
    let entry = record.history.ends[end].states[index]
    let mark = record.history.milestones[entry.milestone]
    return Transition(
      state: entry.state, frame: mark?.frame ?? 0, time: mark?.time ?? Timestamp(nanoseconds: 0),
      evidence: entry.evidence)
  }
}

/// An endpoint entered a state.
public struct Transition: BitwiseCopyable, Sendable {
  public var state: EndpointState
  /// The number of the frame that moved the endpoint; 0 where no frame did but a timer.
  public var frame: Int
  public var time: Timestamp
  public var evidence: Evidence
}

/// How surely an endpoint is known to have entered a state.
public enum Evidence: UInt8, Sendable, BitwiseCopyable {
  /// It must have been so: LISTEN before a SYN is answered, ESTABLISHED of a connection that was
  /// picked up mid-way.
  case implied
  /// It sent the segment that only this state sends.
  case sent
  /// The segment that causes it was seen on its way to the endpoint.
  case presumed
  /// As `presumed`, and the endpoint's later behaviour proves that it arrived.
  case confirmed
  /// A timer of the endpoint ran out on the capture's clock.
  case timer

  public var name: String {
    switch self {
    case .implied: "implied"
    case .sent: "sent"
    case .presumed: "presumed"
    case .confirmed: "confirmed"
    case .timer: "timer"
    }
  }
}

/// A timeline as it lies in the table, its frames being milestones of the connection.
struct StateEntries: BitwiseCopyable {
  static let capacity = 10

  private var entries = InlineArray<10, Entry>(repeating: Entry())
  private var filled: UInt8 = 0
  private(set) var dropped: UInt8 = 0

  struct Entry: BitwiseCopyable {
    var milestone = Milestone.none
    private var packed: UInt8 = 0

    init() {}

    init(_ state: EndpointState, _ milestone: Milestone, _ evidence: Evidence) {
      self.milestone = milestone
      packed = state.rawValue | evidence.rawValue << 4
    }

    var state: EndpointState { EndpointState(rawValue: packed & 15) ?? .closed }
    var evidence: Evidence { Evidence(rawValue: packed >> 4) ?? .implied }
  }

  init() {}

  var count: Int { Int(filled) }
  var last: Entry? { filled == 0 ? nil : entries[count - 1] }

  subscript(index: Int) -> Entry {
    precondition(index < count)
    return entries[index]
  }

  /// Adds the latest transition; where there is no more room, one in the middle goes.
  mutating func append(_ state: EndpointState, _ milestone: Milestone, _ evidence: Evidence) {
    if count == Self.capacity { dropOne() }
    entries[count] = Entry(state, milestone, evidence)
    filled += 1
  }

  /// Takes the last transition back: the endpoint's behaviour has shown that it never happened.
  mutating func withdrawLast() {
    if filled > 0 { filled -= 1 }
  }

  /// What was presumed is proven now.
  mutating func confirm(_ index: Int) {
    precondition(index < count)
    entries[index] = Entry(entries[index].state, entries[index].milestone, .confirmed)
  }

  /// One of the transitions is only presumed.
  var hasPresumed: Bool {
    for index in 0..<count where entries[index].evidence == .presumed { return true }
    return false
  }

  /// Forgets a transition in the middle.
  mutating func dropOne() {
    for index in count / 2..<count - 1 { entries[index] = entries[index + 1] }
    filled -= 1
    dropped &+= dropped == .max ? 0 : 1
  }
}
