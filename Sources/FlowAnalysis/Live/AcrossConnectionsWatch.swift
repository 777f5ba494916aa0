import FlowTracker
import PacketParser

/// Finds across connections while they are alive what `AcrossConnections` finds when they are over.
///
/// What has ended is known at once, what is missing when it has been waited for. So each connection is counted
/// as soon as it is decided what it counts as: a handshake that nobody completes when its client has had time to
/// repeat the SYN, a connection when its client has sent something or both have closed.
final class AcrossConnectionsWatch {
  /// A client repeats a SYN after a second (RFC 6298 §2.1), older ones after three (RFC 1122 §4.2.3.1).
  private static let patienceNanoseconds: Int64 = 3_000_000_000
  /// Nanoseconds between judgements.
  private static let interval: Int64 = 1_000_000_000

  private var across = AcrossConnections()
  private var told: [CaptureFinding] = []
  /// Something was counted since it was judged last.
  private var hasNews = false
  private var judged: Timestamp?

  /// How far a connection was counted.
  struct Counted: OptionSet, BitwiseCopyable {
    var rawValue: UInt8
    /// Its handshake has come to an end.
    static let handshake = Counted(rawValue: 1 << 0)
    /// All of it, but for what may last on.
    static let whole = Counted(rawValue: 1 << 1)
    /// Its client has kept its window shut for long.
    static let stalled = Counted(rawValue: 1 << 2)
  }

  /// Takes in a segment whose flags are illegal.
  func noteIllegal(_ segment: borrowing Segment) {
    across.noteIllegal(segment)
    hasNews = true
  }

  /// Takes in a segment with SYN.
  func noteOpening(_ segment: inout Segment) {
    if across.noteOpening(&segment) { hasNews = true }
  }

  /// Counts a connection, as far as it is decided and was not counted.
  ///
  /// - Parameters:
  ///   - id: The connection, alive or over.
  ///   - table: The table that it is in.
  ///   - counted: How far it was counted; then, how far it is.
  ///   - until: Until when the capture has come.
  func count(
    _ id: ConnectionID, of table: inout ConnectionTable, _ counted: inout Counted, until: Timestamp
  ) {
    let (brief, ends) = (table.brief(of: id), table.ends(of: id))
    let isOver = !table.isAlive(id)
    if !brief.isOrdinary { noteStall(id, of: &table, &counted, isOver: isOver) }
    guard !counted.contains(.whole) else { return }
    if !counted.contains(.handshake), brief.handshake.isDecided {
      counted.insert(.handshake)
      across.countHandshake(with: ends.server, at: brief.began)
    }
    let age = until.nanoseconds(since: brief.began)
    let silence = until.nanoseconds(since: table.lastTime(of: id))
    let isSilent = isOver || silence >= Subject.idleTime
    switch brief.handshake {
    case .complete:
      guard !brief.isUnused || brief.close != .open || isSilent else { return }
      if !brief.isUnused || brief.close == .open {
        across.countUse(by: ends.client, at: brief.began)
      }
    case .refused, .aborted, .rejected: break
    case .halfOpen, .unanswered: guard isOver || age >= Self.patienceNanoseconds else { return }
    case .unseen:
      // Segments like many probes come of connections that are older than the capture.
      guard isSilent || age >= Subject.retransmissionTime else { return }
      var outline = table.outline(of: id, ends)
      let probe = Probe(&outline, until: until)
      guard isSilent || probe.map({ !$0.behaviour.needsOnePort }) ?? false else { return }
    }
    counted.insert(.whole)
    guard across.concerns(brief, ends) else { return }
    var outline = table.outline(of: id, ends)
    across.note(&outline, until: until)
    hasNews = true
  }

  private func noteStall(
    _ id: ConnectionID, of table: inout ConnectionTable, _ counted: inout Counted, isOver: Bool
  ) {
    var outline = table.outline(of: id, table.ends(of: id))
    if counted.contains(.stalled) {
      if isOver { across.endStalled(&outline) }
    } else if across.noteStalled(&outline, isAlive: !isOver) {
      counted.insert(.stalled)
      hasNews = true
    }
  }

  /// What there is to tell that was not told, and what was told and does not hold any more.
  func judge(at time: Timestamp) -> [CaptureEvent.Kind] {
    let isDue = judged.map { time.nanoseconds(since: $0) >= Self.interval } ?? true
    guard hasNews, isDue else { return [] }
    (hasNews, judged) = (false, time)
    let standing = across.findings(beside: []).told
    let gone = told.filter { known in
      across.remembers(known) && !standing.contains { $0.isSame(as: known) }
    }
    let new = standing.filter { finding in !told.contains { $0.isSame(as: finding) } }
    told.removeAll { known in gone.contains { $0.isSame(as: known) } }
    told += new
    return new.map { .found($0) } + gone.map { .withdrew($0) }
  }

  /// Holds what was told against what is so in the end.
  ///
  /// - Parameter findings: What is so; those that were told are marked.
  /// - Returns: What was told and is not so.
  func close(_ findings: inout [CaptureFinding]) -> [CaptureEvent.Kind] {
    for index in findings.indices {
      findings[index].wasTold = told.contains { $0.isSame(as: findings[index]) }
    }
    let final = findings
    return told.filter { known in !final.contains { $0.isSame(as: known) } }.map { .withdrew($0) }
  }
}

extension Handshake.Outcome {
  /// Nothing can come that makes another of it.
  fileprivate var isDecided: Bool {
    switch self {
    case .complete, .refused, .aborted, .rejected: true
    case .halfOpen, .unanswered, .unseen: false
    }
  }
}
