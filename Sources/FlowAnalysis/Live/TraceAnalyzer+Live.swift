import FlowTracker
public import PacketParser

// The analysis of a capture that is running, for whoever looks on: time passes, frames are lost, and what is
// known by now is told or asked for.
extension TraceAnalyzer {
  /// Lets time pass in which no frame came: connections that have been silent for too long end, and what is
  /// known by now is told to whoever hears of events.
  ///
  /// - Parameter time: Until when no other frame has come, on the clock of the frames.
  public mutating func pass(until time: Timestamp) {
    drain()
    passed = max(passed, time)
    table.pass(until: time)
    reportEnded()
    let now = now
    let waiting = follower?.takeWaiting() ?? []
    for id in waiting where table.isAlive(id) {
      let report = reportAlive(id)
      follower?.tellFindings(of: id, report, at: now)
    }
    let due = follower?.takeDue(until: now) ?? []
    for id in due where table.isAlive(id) { look(at: id) }
    follower?.tellAcrossConnections(at: now)
  }

  /// Looks at a connection of which something may be overdue.
  private mutating func look(at id: ConnectionID) {
    countEarly(id)
    let now = now
    var reply: Timestamp?
    if follower?.isOwing(id, of: &table, at: now) ?? false {
      let brief = table.brief(of: id)
      let report = reportAlive(id)
      reply = report.nextReplyDue
      // Of SYNs that nobody answers a sink may want no more than their number.
      if !brief.isLoneSYN || sink.wantsReport(ofUnanswered: brief.number) {
        follower?.tellFindings(of: id, report, at: now)
      }
    }
    follower?.goOn(id, of: &table, reply: reply, at: now)
  }

  /// Notes how many frames the capture has lost so far, by its own account: what seems to be missing in
  /// connections that were there then may have come.
  public mutating func noteLoss(_ loss: CaptureLoss) {
    guard loss.total > quality.loss.total else { return }
    drain()
    quality.loss = loss
    lastLoss = now
  }

  /// The connections that are alive and had the latest segments, at most `count` of them, in order of their
  /// first segments.
  ///
  /// Their findings are those that nothing can change that is still to come, and those of what is overdue now.
  public mutating func alive(latest count: Int) -> [ConnectionReport] {
    let now = now
    return table.latest(count).map { id in
      var report = reportAlive(id)
      if follower?.isSettled(id, at: now) == false {
        report.findings.removeAll { $0.mayBeRefuted }
      }
      return report
    }.sorted { $0.number < $1.number }
  }

  /// What was noted last of frames that the capture has lost.
  public var loss: CaptureLoss { quality.loss }

  /// Bytes that connections take now.
  public var bytesInUse: Int { table.bytesInUse }

  /// How many connections are alive.
  public var aliveCount: Int { table.liveCount }

  /// The states of connections that are alive; where nobody hears of events, none are counted.
  public var states: StatePairs { follower?.states ?? StatePairs() }

  private mutating func reportAlive(_ id: ConnectionID) -> ConnectionReport {
    let connection = table[id]
    return ConnectionReport(
      connection, in: surroundings(isOver: false), encapsulation: encapsulation(of: connection),
      frames: nil)
  }

  /// Counts a connection, alive or over, among those that show something together, where events are heard.
  mutating func countEarly(_ id: ConnectionID) {
    let now = now
    follower?.count(id, of: &table, until: now)
  }

  /// Tells what is not told yet of the states of a connection, where events are heard.
  mutating func tellStates(of id: ConnectionID) {
    follower?.tellStates(of: id, table[id])
  }
}
