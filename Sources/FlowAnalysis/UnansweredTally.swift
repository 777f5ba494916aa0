import FlowTracker
import PacketParser

/// Connections that were but a SYN each, of which a flood makes millions: what there is to say of them is the
/// same of each, so nobody need say it of each.
public struct UnansweredTally: Sendable {
  /// So many are named.
  private static let namedLimit = 5

  /// How many of them the capture shows for long enough that an answer should have come.
  public private(set) var count = 0
  /// The lowest numbers among these, in order.
  public private(set) var named: [Int] = []
  /// What each of them shows, and how bad it is.
  public var rule: FindingRule { SYNUnanswered.rule }
  public var severity: Finding.Severity { rule.severity }

  init() {}

  /// Notes one; the capture has come to `until`.
  ///
  /// - Returns: Whether there is no more to say of it than that: its ends must be possible.
  @inline(__always)
  mutating func note(
    _ brief: ConnectionBrief, _ ends: (client: SocketAddress, server: SocketAddress),
    until: Timestamp
  ) -> Bool {
    guard ends.client.address.isUnicast, ends.server.address.isUnicast else { return false }
    guard until.nanoseconds(since: brief.began) >= Subject.retransmissionTime else { return true }
    count += 1
    if named.count < Self.namedLimit || brief.number < named[Self.namedLimit - 1] {
      name(brief.number)
    }
    return true
  }

  /// They end in another order than they began in.
  @inline(never)
  private mutating func name(_ number: Int) {
    named.append(number)
    named.sort()
    if named.count > Self.namedLimit { named.removeLast() }
  }
}
