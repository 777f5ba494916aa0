import PacketParser

/// How long the payload of an end took to be acknowledged, seen from the place of the capture, and how
/// much of it was under way at once.
///
/// One segment is timed at a time, and none that was sent again (Karn's rule, RFC 6298 §3). A receiver
/// that delays its acknowledgments (RFC 9293 §3.8.6.3) makes it longer than the way is.
public struct RoundTrips: BitwiseCopyable, Sendable {
  /// How many segments were timed.
  public private(set) var samples: UInt32 = 0
  /// The most bytes that were sent and not yet acknowledged.
  public private(set) var mostInFlight: UInt32 = 0
  private var shortest: Int64 = 0
  private var longest: Int64 = 0
  private var sum: Int64 = 0
  /// When the segment was sent that is timed now; `nothing` where none is.
  private var sentAt = Self.nothing
  /// The number that acknowledges it.
  private var end = SequenceNumber(0)

  private static let nothing = Int64.min

  init() {}

  /// In nanoseconds; `nil` where no segment was timed.
  public var minimumNanoseconds: Int64? { samples > 0 ? shortest : nil }
  public var maximumNanoseconds: Int64? { samples > 0 ? longest : nil }
  /// Their mean, without what is less than a nanosecond.
  public var meanNanoseconds: Int64? { samples > 0 ? sum / Int64(samples) : nil }

  /// The end sends new payload, up to the number `end`.
  mutating func noteSent(upTo end: SequenceNumber, at time: Timestamp) {
    guard sentAt == Self.nothing else { return }
    sentAt = time.nanoseconds
    self.end = end
  }

  /// The end sends again what begins at `start`: of the two an acknowledgment may answer either.
  mutating func noteRepeated(from start: SequenceNumber) {
    if start < end { sentAt = Self.nothing }
  }

  /// So many bytes are sent and not acknowledged.
  mutating func noteInFlight(_ bytes: Int32) {
    mostInFlight = max(mostInFlight, UInt32(max(0, bytes)))
  }

  /// The peer acknowledges all below a number.
  mutating func noteAcknowledged(_ number: SequenceNumber, at time: Timestamp) {
    guard sentAt != Self.nothing, number >= end else { return }
    let trip = time.nanoseconds &- sentAt
    sentAt = Self.nothing
    // A capture whose clock ran backwards says nothing.
    guard trip >= 0 else { return }
    shortest = samples == 0 ? trip : min(shortest, trip)
    longest = max(longest, trip)
    sum = sum &+ trip
    samples &+= samples == .max ? 0 : 1
  }
}

extension ConnectionTable {
  /// Times what a segment has sent, and what it acknowledges.
  @inline(never)
  mutating func measure(_ segment: inout Segment, _ step: Step) {
    let id = step.connection
    let (own, peer) = (Int(step.sender.rawValue), Int(step.sender.peer.rawValue))
    guard segment.flags.isDisjoint(with: [.syn, .rst]),
      step.facts.isDisjoint(with: [.duplicateFrame, .outsideWindow, .wrongChecksum])
    else { return }
    let live = arena[id]
    if segment.sequenceLength > 0 {
      let isOld = !step.facts.isDisjoint(with: [.repeatsData, .repairsLoss, .outOfOrder, .probe])
      let isNewest = segment.sequenceEnd == live.core.ends[own].next
      if isOld || !isNewest {
        arena[roundTrips: id, of: own].noteRepeated(from: segment.sequence)
      } else if segment.payloadLength > 0, !live.core.ends[own].knows.contains(.holes) {
        // What is behind a hole is acknowledged when that is filled.
        arena[roundTrips: id, of: own].noteSent(upTo: segment.sequenceEnd, at: segment.time)
      }
      let bringsNews = isNewest && (!isOld || step.facts.contains(.repeatsPartly))
      if bringsNews, segment.payloadLength > 0, live.core.ends[peer].knows.contains(.acknowledged) {
        arena[roundTrips: id, of: own].noteInFlight(
          live.core.ends[own].next - live.core.ends[peer].acknowledged)
      }
    }
    if segment.flags.contains(.ack) {
      arena[roundTrips: id, of: peer].noteAcknowledged(segment.acknowledgment, at: segment.time)
    }
  }
}
