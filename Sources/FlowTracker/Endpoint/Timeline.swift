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
  /// The capture was taken at this end: what it shows on its way there has arrived.
  private let arrivalIsCertain: Bool

  init(_ record: ConnectionRecord, _ side: Side) {
    self.record = record
    end = Int(side.rawValue)
    arrivalIsCertain = record.vantage?.provesArrival(at: side) ?? false
  }

  /// Transitions between the first and the last ones for which there was no room; at most 255 are counted.
  public var dropped: Int { Int(record.history.ends[end].states.dropped) }
  public var startIndex: Int { 0 }
  public var endIndex: Int { record.history.ends[end].states.count }

  public subscript(index: Int) -> Transition {
    let entry = record.history.ends[end].states[index]
    let mark = record.frameMark(entry.milestone)
    return Transition(
      state: entry.state, frame: mark?.frame ?? 0, time: mark?.time ?? Timestamp(nanoseconds: 0),
      evidence: evidence(at: index))
  }

  private func evidence(at index: Int) -> Evidence {
    let entry = record.history.ends[end].states[index]
    guard arrivalIsCertain, entry.evidence == .presumed, index > 0 else { return entry.evidence }
    // What arrives surely moves only an end that surely was in the state before.
    guard evidence(at: index - 1) != .presumed else { return .presumed }
    // Linux may have the ACK of its SYN and stay in SYN-RECEIVED all the same: the accept queue is
    // full, or it waits for data (TCP_DEFER_ACCEPT). A RST it takes.
    let before = record.history.ends[end].states[index - 1].state
    let isReset = entry.state == .closed || entry.state == .listen
    return before == .synReceived && !isReset ? .presumed : .confirmed
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
public enum Evidence: UInt8, Sendable, BitwiseCopyable, CaseIterable, Named {
  /// It must have been so: LISTEN before a SYN is answered, ESTABLISHED of a connection that was
  /// picked up mid-way.
  case implied
  /// It sent the segment that only this state sends.
  case sent
  /// The segment that causes it was seen on its way to the endpoint.
  case presumed
  /// As `presumed`, and it has arrived: the endpoint's later behaviour proves it, or the capture was
  /// taken there.
  case confirmed
  /// A timer of the endpoint ran out on the capture's clock.
  case timer

  public var staticName: StaticString {
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
  /// A bit for each entry that is only presumed.
  private(set) var presumed: UInt16 = 0
  private var filled: UInt8 = 0
  private(set) var dropped: UInt8 = 0

  /// Two bytes: the milestone, the state, the evidence, and what was seen on its way.
  struct Entry: BitwiseCopyable {
    private var packed: UInt16 = 0

    init() {}

    init(
      _ state: EndpointState, _ milestone: Milestone, _ evidence: Evidence,
      _ arrival: PresumedArrival?
    ) {
      packed =
        UInt16(milestone.index & 0xf) | UInt16(state.rawValue) << 4
        | UInt16(evidence.rawValue) << 8 | UInt16(arrival?.rawValue ?? 0) << 11
    }

    var milestone: Milestone {
      packed & 0xf == 0xf ? .none : Milestone(index: UInt8(packed & 0xf))
    }
    var state: EndpointState { EndpointState(rawValue: UInt8(packed >> 4 & 0xf)) ?? .closed }
    var evidence: Evidence { Evidence(rawValue: UInt8(packed >> 8 & 7)) ?? .implied }
    var isPresumed: Bool { packed >> 8 & 7 == UInt16(Evidence.presumed.rawValue) }

    /// What moved the endpoint, as long as that is only presumed.
    var presumedArrival: PresumedArrival? {
      isPresumed ? PresumedArrival(rawValue: UInt8(packed >> 11 & 7)) : nil
    }

    mutating func confirm() {
      packed = packed & ~(7 << 8) | UInt16(Evidence.confirmed.rawValue) << 8
    }
  }

  init() {}

  var count: Int { Int(filled) }
  var last: Entry? { filled == 0 ? nil : entries[count - 1] }

  subscript(index: Int) -> Entry {
    precondition(index < count)
    return entries[index]
  }

  /// Adds the latest transition; where there is no more room, one in the middle goes.
  @inline(__always)
  mutating func append(_ entry: Entry) {
    if count == Self.capacity { dropOne() }
    entries[count] = entry
    presumed |= (entry.isPresumed ? 1 : 0) &<< UInt16(filled)
    filled &+= 1
  }

  /// Takes the last transition back: the endpoint's behaviour has shown that it never happened.
  mutating func withdrawLast() {
    guard filled > 0 else { return }
    filled &-= 1
    presumed &= ~(1 &<< UInt16(filled))
  }

  /// What was presumed is proven now.
  mutating func confirm(_ index: Int) {
    precondition(index < count)
    entries[index].confirm()
    presumed &= ~(1 &<< UInt16(index))
  }

  /// Whether none but the latest transitions, so many of them, is presumed.
  @inline(__always)
  func arePresumedOnly(latest number: Int) -> Bool {
    presumed.trailingZeroBitCount &+ number >= count
  }

  /// All that was presumed is proven now.
  @inline(__always)
  mutating func confirmAll() {
    while presumed != 0 {
      entries[presumed.trailingZeroBitCount].confirm()
      presumed &= presumed &- 1
    }
  }

  /// Forgets a transition in the middle.
  @inline(never)
  mutating func dropOne() {
    let middle = count / 2
    for index in middle..<count - 1 { entries[index] = entries[index + 1] }
    let before: UInt16 = (1 << UInt16(middle)) - 1
    presumed = presumed & before | presumed >> 1 & ~before
    filled -= 1
    dropped &+= dropped == .max ? 0 : 1
  }
}
