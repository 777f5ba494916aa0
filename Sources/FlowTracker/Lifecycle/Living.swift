public import PacketParser

// The table as somebody sees it who looks on while it fills.
extension ConnectionTable {
  /// Lets time pass in which no segment came, and ends what has been silent for too long then.
  ///
  /// Time that lies before that of the latest segment changes nothing.
  public mutating func pass(until time: Timestamp) {
    guard time > now else { return }
    now = time
    if now >= nextDue { expire() }
    guard now.nanoseconds &- swept.nanoseconds >= 1_000_000_000 else { return }
    swept = now
    sweep()
  }

  /// Ends those among the first of each queue whose time is up.
  ///
  /// `expire` finds them late: who was looked at too early waits a whole life again. In a file that does not
  /// show; somebody who looks on would wonder.
  private mutating func sweep() {
    for stage in LifeStage.queued {
      var id = queues[stage.queueIndex].head
      var looks = 0
      while id != .none, looks < 1_024 {
        let following = arena[links: id].following
        if isOverdue(id, at: now) { endSilent(id) }
        id = following
        looks += 1
      }
    }
  }

  /// Whether a place has a connection that has not ended.
  public func isAlive(_ id: ConnectionID) -> Bool {
    !id.isNoConnection && arena.contains(id) && !arena[id].core.traits.contains(.hasEnded)
  }

  /// The connections that are alive and had the latest segments, at most `count` of them, in no order.
  ///
  /// Looks at each connection of the table.
  public mutating func latest(_ count: Int) -> [ConnectionID] {
    guard count > 0 else { return [] }
    var latest: [(time: Timestamp, id: ConnectionID)] = []
    var oldest = Timestamp(nanoseconds: .min)
    for queue in queues.indices {
      var id = queues[queue].head
      while id != .none {
        let time = lastTime(of: id)
        if time > oldest { latest.append((time, id)) }
        id = arena[links: id].following
        guard latest.count >= 2 * count || id == .none, latest.count > count else { continue }
        latest.sort { ($0.time, $0.id.rawValue) > ($1.time, $1.id.rawValue) }
        latest.removeLast(latest.count - count)
        oldest = latest[count - 1].time
      }
    }
    return latest.map { begun($0.id) }
  }
}
