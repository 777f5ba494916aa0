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
  private var since = Self.open

  private static let open = Timestamp(nanoseconds: .min)

  init() {}

  /// It says that its window is shut.
  mutating func shut(at time: Timestamp) {
    guard since == Self.open else { return }
    since = time
    spells &+= spells == .max ? 0 : 1
  }

  /// The connection is over.
  mutating func finish(at time: Timestamp) {
    endsShut = since != Self.open
    end(at: time)
  }

  /// It says that its window is open.
  mutating func end(at time: Timestamp) {
    guard since != Self.open else { return }
    let spell = max(0, time.nanoseconds(since: since))
    since = Self.open
    totalNanoseconds = totalNanoseconds &+ spell
    longestNanoseconds = max(longestNanoseconds, spell)
  }
}
