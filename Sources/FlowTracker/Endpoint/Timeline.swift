public import PacketParser

/// The states an endpoint went through, in order.
///
/// A connection passes eight states at most. Where there are more than `capacity` (an attempt that is
/// refused again and again), the first and the latest are kept and the others counted.
public struct Timeline: RandomAccessCollection, BitwiseCopyable, Sendable {
  public static let capacity = 10

  private var entries = InlineArray<10, Transition>(repeating: Transition())
  private var filled: UInt8 = 0
  /// Transitions between the first and the last ones for which there was no room.
  public private(set) var dropped: UInt32 = 0

  init() {}

  public var startIndex: Int { 0 }
  public var endIndex: Int { Int(filled) }

  public subscript(index: Int) -> Transition {
    precondition(index < endIndex)
    return entries[index]
  }

  /// Adds the latest transition; where there is no more room, one in the middle goes.
  mutating func append(_ transition: Transition) {
    if endIndex == Self.capacity {
      for index in Self.capacity / 2..<Self.capacity - 1 { entries[index] = entries[index + 1] }
      filled -= 1
      dropped &+= 1
    }
    entries[endIndex] = transition
    filled += 1
  }

  /// Takes the last transition back: the endpoint's behaviour has shown that it never happened.
  mutating func withdrawLast() {
    if filled > 0 { filled -= 1 }
  }
}

/// An endpoint entered a state.
public struct Transition: BitwiseCopyable, Sendable {
  public var time = Timestamp(nanoseconds: 0)
  /// The frame number, or 0 where no frame moved the endpoint but a timer, in the low 48 bits; the
  /// state and the evidence above them.
  private var packed: UInt64 = 0

  init() {}

  public init(to state: EndpointState, frame: Int, time: Timestamp, evidence: Evidence) {
    self.time = time
    packed =
      UInt64(truncatingIfNeeded: frame) & 0xffff_ffff_ffff
      | UInt64(state.rawValue) << 48 | UInt64(evidence.rawValue) << 56
  }

  public var frame: Int { Int(packed & 0xffff_ffff_ffff) }

  public var state: EndpointState {
    EndpointState(rawValue: UInt8(truncatingIfNeeded: packed >> 48)) ?? .closed
  }

  public var evidence: Evidence {
    Evidence(rawValue: UInt8(truncatingIfNeeded: packed >> 56)) ?? .implied
  }
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
