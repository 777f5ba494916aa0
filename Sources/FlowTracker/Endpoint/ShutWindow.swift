import PacketParser

/// How often an end had no room for more (RFC 9293 §3.8.6), and for how long.
public struct ShutWindow: BitwiseCopyable, Sendable {
  /// How often its window was shut, however often it then said so.
  public private(set) var spells: UInt32 = 0
  /// Nanoseconds for which it was, from the first segment that said so to the first that no longer did or,
  /// where none came, to the last of the connection.
  public private(set) var totalNanoseconds: Int64 = 0
  /// Of the longest spell.
  public private(set) var longestNanoseconds: Int64 = 0
  /// Nothing has shown that it was opened again.
  public private(set) var endsShut = false
  /// Nanoseconds of the longest spell of at least `unbearable` in which its peer sent nothing, not even a
  /// probe, and after which it had data at once.
  public private(set) var longestUnprobedNanoseconds: Int64 = 0
  private var since = Self.open
  /// How many frames the peer had sent.
  private var peerPackets: UInt64 = 0
  /// A spell in which the peer sent nothing, and when it ended.
  private var unprobed: Int64 = 0
  private var reopened = Self.open

  private static let open = Timestamp(nanoseconds: .min)
  /// A sender with data probes much sooner: after its retransmission timeout (RFC 9293 §3.8.6.1), of which
  /// these are five where no round trip was measured (RFC 6298 §2.1).
  static let unbearable: Int64 = 5_000_000_000
  /// What is sent so soon after a window opens has waited for that, in nanoseconds.
  private static let promptness: Int64 = 200_000_000

  package init() {}

  /// It says that its window is shut.
  mutating func shut(at time: Timestamp, peerPackets: UInt64) {
    guard since == Self.open else { return }
    since = time
    self.peerPackets = peerPackets
    spells &+= spells == .max ? 0 : 1
  }

  /// The connection is over.
  mutating func finish(at time: Timestamp) {
    endsShut = since != Self.open
    end(at: time, peerPackets: .max)
  }

  /// Nanoseconds of the longest spell until then.
  func longest(until time: Timestamp) -> Int64 {
    since == Self.open
      ? longestNanoseconds : max(longestNanoseconds, time.nanoseconds(since: since))
  }

  /// Nanoseconds for which the window has been shut then; `nil` if it is open.
  func nanosecondsShut(until time: Timestamp) -> Int64? {
    since == Self.open ? nil : time.nanoseconds(since: since)
  }

  /// It sends payload, so that what its peer then sends may be an answer.
  mutating func noteRequest() {
    reopened = Self.open
  }

  /// The peer sends new payload.
  mutating func noteData(at time: Timestamp) {
    guard reopened != Self.open else { return }
    if time.nanoseconds(since: reopened) <= Self.promptness {
      longestUnprobedNanoseconds = max(longestUnprobedNanoseconds, unprobed)
    }
    reopened = Self.open
  }

  /// It says that its window is open.
  ///
  /// With payload of its own it `mayAsk` for what its peer then sends.
  mutating func end(at time: Timestamp, peerPackets: UInt64, mayAsk: Bool = false) {
    guard since != Self.open else { return }
    let spell = max(0, time.nanoseconds(since: since))
    if spell >= Self.unbearable, peerPackets == self.peerPackets, !mayAsk {
      (unprobed, reopened) = (spell, time)
    }
    since = Self.open
    totalNanoseconds = totalNanoseconds &+ spell
    longestNanoseconds = max(longestNanoseconds, spell)
  }
}
