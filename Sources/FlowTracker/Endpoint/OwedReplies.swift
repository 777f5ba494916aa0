import PacketParser

/// What an end must answer, and how.
public enum ReplyDuty: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// A segment that is old or beyond the window, in a synchronized state: an acknowledgment (RFC 9293
  /// §3.10.7.4, first).
  case unacceptableSegment = 1
  /// The FIN of its peer, which it has acknowledged, again: another acknowledgment (§3.10.7.4, first and
  /// eighth).
  case repeatedFIN
  /// The SYN or SYN-ACK that it has answered, again: the answer (§3.10.7.4, first).
  case repeatedSYN
  /// A SYN in a synchronized state: a challenge ACK (§3.10.7.4, fourth; RFC 5961 §4.2).
  case strayingSYN
  /// A RST in the window, but not at the next byte: a challenge ACK (§3.10.7.4, second; RFC 5961 §3.2).
  case inexactReset
  /// An acknowledgment of what it has not sent, in a synchronized state: an acknowledgment (§3.10.7.4,
  /// fifth).
  case acknowledgmentOfUnsent
  /// A probe of its window, which is shut: an acknowledgment (§3.8.6.1).
  case windowProbe
  /// A keep-alive: an acknowledgment (§3.8.4; §3.10.7.4, first).
  case keepAlive
  /// Anything but a RST in CLOSED: a RST (§3.10.7.1).
  case segmentInClosed
  /// An acknowledgment of something else than its SYN, in SYN-SENT: a RST (§3.10.7.3, first).
  case wrongACKInSYNSent
  /// The same in SYN-RECEIVED: a RST (§3.10.7.4, fifth).
  case wrongACKInSYNReceived

  /// A stable name in kebab-case.
  public var name: String {
    switch self {
    case .unacceptableSegment: "unacceptable-segment"
    case .repeatedFIN: "repeated-fin"
    case .repeatedSYN: "repeated-syn"
    case .strayingSYN: "straying-syn"
    case .inexactReset: "inexact-reset"
    case .acknowledgmentOfUnsent: "acknowledgment-of-unsent"
    case .windowProbe: "window-probe"
    case .keepAlive: "keep-alive"
    case .segmentInClosed: "segment-in-closed"
    case .wrongACKInSYNSent: "wrong-ack-in-syn-sent"
    case .wrongACKInSYNReceived: "wrong-ack-in-syn-received"
    }
  }

  /// Whether a segment of the end that owes the reply may be that, or comes instead of it.
  fileprivate func isSettled(by flags: TCPFlags) -> Bool {
    switch self {
    case .segmentInClosed: true
    // A SYN or SYN-ACK is repeated by timer, whatever has come.
    case .wrongACKInSYNSent, .wrongACKInSYNReceived:
      flags.contains(.rst) || !flags.contains(.syn)
    default: !flags.isDisjoint(with: [.ack, .rst])
    }
  }

  /// Whether what settles it is the reply.
  fileprivate func isPaid(by flags: TCPFlags) -> Bool {
    switch self {
    case .segmentInClosed, .wrongACKInSYNSent, .wrongACKInSYNReceived: flags.contains(.rst)
    default: true
    }
  }
}

/// A reply that an end owes, or has never sent.
public struct OwedReply: BitwiseCopyable, Sendable {
  public let duty: ReplyDuty
  /// How often it was due; what comes within a second or so counts as once, since one reply is enough for it
  /// (RFC 9293 §3.10.7.4, MUST-58).
  public var times: Int
  /// The frames that asked for it first and last.
  public var first: Int
  public var last: Int
}

/// The replies of an end that have not come, as they lie in the table.
struct OwedReplies: BitwiseCopyable {
  /// An end may limit the rate of its replies (RFC 5961 §7; Linux sends one in half a second).
  private static let rate: Int64 = 1_000_000_000

  private var owed = Entry()
  /// Of each duty together; more of them than hardly any end neglects are not remembered.
  private var missing = InlineArray<3, Entry>(repeating: Entry())
  /// Until when the owed one is in time.
  private var due = Timestamp(nanoseconds: 0)
  /// When the latest was sent.
  private var replied = Timestamp(nanoseconds: .min)

  /// Frames count from the first one of the connection: four bytes are enough for them.
  private struct Entry: BitwiseCopyable {
    var duty: ReplyDuty?
    var times: UInt16 = 0
    var first: UInt32 = 0
    var last: UInt32 = 0

    func reply(since beginning: Int) -> OwedReply? {
      duty.map {
        OwedReply(
          duty: $0, times: Int(times), first: beginning + Int(first), last: beginning + Int(last))
      }
    }
  }

  init() {}

  var isOwing: Bool { owed.duty != nil }

  /// The end gets what it must answer by a time; what it owes already comes first.
  mutating func owe(
    _ duty: ReplyDuty, frame: Int, of beginning: Int, at time: Timestamp, until due: Timestamp
  ) {
    let offset = UInt32(clamping: frame - beginning)
    if owed.duty != nil {
      guard time > self.due else {
        if owed.duty == duty { owed.last = offset }
        return
      }
      noteMissing()
    }
    guard time.nanoseconds &- Self.rate >= replied.nanoseconds else { return }
    owed = Entry(duty: duty, times: 1, first: offset, last: offset)
    self.due = due
  }

  /// The end sends a segment with such flags.
  mutating func settle(by flags: TCPFlags, at time: Timestamp) {
    guard let duty = owed.duty, duty.isSettled(by: flags) else { return }
    if duty.isPaid(by: flags) { replied = time }
    // What is no RST, of an end in CLOSED, shows that it was not there.
    if time > due, duty != .segmentInClosed || flags.contains(.rst) { noteMissing() }
    owed.duty = nil
  }

  private mutating func noteMissing() {
    let known = missing.indices.first { missing[$0].duty == owed.duty || missing[$0].duty == nil }
    if let known {
      if missing[known].duty == nil { missing[known] = Entry(duty: owed.duty, first: owed.first) }
      missing[known].last = owed.last
      missing[known].times &+= missing[known].times == .max ? 0 : 1
    }
    owed.duty = nil
  }

  /// Those that have not come in time, in a connection whose first frame was `beginning`.
  func overdue(since beginning: Int) -> [OwedReply] {
    missing.indices.compactMap { missing[$0].reply(since: beginning) }
  }

  /// The one that is owed still, and until when it is in time.
  func outstanding(since beginning: Int) -> (reply: OwedReply, due: Timestamp)? {
    owed.reply(since: beginning).map { ($0, due) }
  }
}
