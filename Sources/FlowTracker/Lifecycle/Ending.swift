import PacketParser

// How connections leave the table: in the queues of their life stages they wait for their time to be over,
// then for whoever reports them.
extension ConnectionTable {
  /// Ends whatever is left, in the order in which the connections were met.
  public mutating func finish() {
    finish(remaining[...])
  }

  /// All that has not ended, in the order in which the connections were met.
  public var remaining: [ConnectionID] {
    var rest: [(number: Int, id: ConnectionID)] = []
    for index in queues.indices {
      var id = queues[index].head
      while id != .none {
        rest.append((number(of: id), id))
        id = arena[links: id].following
      }
    }
    return rest.sorted { $0.number < $1.number }.map(\.id)
  }

  /// Ends some of those that remain, since the capture has ended.
  public mutating func finish(_ remaining: ArraySlice<ConnectionID>) {
    for id in remaining {
      // A SYN that nobody answered was an attempt of its own.
      if !id.isNoConnection, let straying = straying(id), straying.mayBegin {
        let attempt = replace(id, by: straying)
        if straying.isAlone { arena[attempt].presumeOpening() }
        end(attempt, .captureEnded)
      } else {
        // Whether anything has looked at it since its time was over must not show.
        let isOver = isOverdue(id, at: now)
        end(id, !isOver ? .captureEnded : stage(of: id) == .closed ? .closed : .idle)
      }
    }
  }

  /// The next connection that has ended; its place stays as it is until it is released.
  public mutating func takeEnded() -> ConnectionID? {
    guard let entry = ended.first else { return nil }
    let id = entry.id.isNoConnection ? beginEnded(entry) : entry.id
    ended.removeFirst()
    arena[id].core.traits.insert(.isTaken)
    return id
  }

  /// Starts to read all of the connection that `takeEnded` gives next, for who tells more of each than its
  /// brief.
  package func prefetchEnded() {
    guard let next = ended.first?.id, !next.isNoConnection else { return }
    arena.prefetchAll(next)
    guard measuresRoundTrips else { return }
    for end in 0..<2 { arena.prefetchRoundTrips(next, of: end) }
  }

  /// Gives the place of an ended connection back.
  public mutating func release(_ id: ConnectionID) {
    precondition(
      arena.contains(id) && arena[id].core.traits.contains(.isTaken),
      "only a connection that takeEnded has given can be released, and only once")
    arena[id].core.traits.remove(.isTaken)
    // Its report may have asked for more than it had.
    bytesEnded = ended.isEmpty ? 0 : bytesEnded - min(bytesEnded, arena.bytes(of: id))
    arena.remove(id)
  }

  mutating func end(_ id: ConnectionID, _ reason: EndReason) {
    guard !id.isNoConnection else { return endWaiting(id, reason) }
    if let straying = straying(id) { settle(id, straying) }
    dequeue(id)
    index.remove(arena[id].core.key.hash(seed: seed), id)
    liveCount -= 1
    if arena[id].core.stage == .opening { openingCount -= 1 }
    note(id, ended: reason, at: now)
    bytesEnded += arena.bytes(of: id)
    ended.append(.init(id: id, reason: reason, time: now))
  }

  /// What remains to be done with a connection that has ended.
  mutating func note(_ id: ConnectionID, ended reason: EndReason, at time: Timestamp) {
    arena[id].core.traits.insert(.hasEnded)
    arena[id].history.endReason = reason
    if arena[id].core.traits.contains(.isUnremarkable) {
      // Hardly anybody asks for those: their timers run when somebody does.
      arena[id].history.queued = time
    } else {
      arena[id].runTimers(until: time, limits)
    }
  }

  mutating func enqueue(_ id: ConnectionID, since time: Timestamp) {
    let stage = arena[id].core.stage
    arena[id].history.queued = time
    arena[id].history.queue = UInt8(stage.queueIndex)
    append(id, to: stage, since: time)
  }

  mutating func append(_ id: ConnectionID, to stage: LifeStage, since time: Timestamp) {
    queues[stage.queueIndex].append(id, &arena)
    let (due, overflows) = time.nanoseconds.addingReportingOverflow(limits.nanoseconds(of: stage))
    if !overflows { nextDue = min(nextDue, Timestamp(nanoseconds: due)) }
  }

  private mutating func dequeue(_ id: ConnectionID) {
    queues[Int(arena[id].history.queue)].remove(id, &arena)
  }

  /// Sends the head of a queue to the end of the one of its stage, where that may be another.
  private mutating func requeue(_ waiting: ConnectionID) {
    let id = begun(waiting)
    let isElsewhere = Int(arena[id].history.queue) != arena[id].core.stage.queueIndex
    dequeue(id)
    enqueue(id, since: isElsewhere ? arena[id].history.queued : now)
  }

  mutating func changeStage(of id: ConnectionID, from previous: LifeStage) {
    let stage = arena[id].core.stage
    openingCount += (stage == .opening ? 1 : 0) - (previous == .opening ? 1 : 0)
    if stage == .closed { arena[id].noteWhetherRemarkable() }
    // An open connection may wait with those that are opening: to be looked at too early costs
    // less than to leave a queue, since most close before.
    let queue = Int(arena[id].history.queue)
    guard queue != stage.queueIndex, stage != .open || queue != LifeStage.opening.queueIndex else {
      return
    }
    dequeue(id)
    enqueue(id, since: now)
    limitClosed()
  }

  /// Starts to read those who stand behind the head of a queue.
  ///
  /// They have been silent for long, and when their turn comes they will be in the cache. It does not change
  /// the table: see `prefetch`.
  private mutating func prefetchFollowers(of head: ConnectionID) {
    let second = arena[links: head].following
    guard second != .none else { return }
    // It was the third when the one before was put away.
    index.prefetch(key(of: second).hash(seed: seed))
    if !second.isNoConnection {
      if arena[second].core.traits.contains(.isUnremarkable) {
        arena.prefetchOutline(second)
      } else {
        for side in Side.allCases { arena.prefetchTraffic(second, of: side) }
        arena.prefetchHistory(second)
      }
    }
    let third = arena[links: second].following
    guard third != .none else { return }
    if third.isNoConnection {
      arena.syns.prefetch(third)
    } else {
      arena.prefetchCore(third)
      arena.prefetchLinks(third)
    }
  }

  /// Puts the oldest of the closed away when there are too many.
  private mutating func limitClosed() {
    for _ in 0..<2 {
      let queue = queues[LifeStage.closed.queueIndex]
      guard queue.count > limits.maximumClosedConnections,
        now.nanoseconds(since: queuedTime(of: queue.head)) >= TrackerLimits.freshlyClosed
          || queue.count > 8 * limits.maximumClosedConnections
      else { return }
      if arena[queue.head].core.stage == .closing {
        // It waits for the acknowledgment of a FIN, and goes to the end.
        requeue(queue.head)
      } else {
        prefetchFollowers(of: queue.head)
        end(queue.head, .closed)
      }
    }
  }

  /// Puts the oldest of the half-open away when there are too many.
  mutating func limitHalfOpen() {
    for _ in 0..<2 {
      let queue = queues[LifeStage.opening.queueIndex]
      guard queue.count > limits.maximumHalfOpenConnections else { return }
      if stage(of: queue.head) != .opening {
        requeue(queue.head)
      } else {
        prefetchFollowers(of: queue.head)
        end(queue.head, .tooManyHalfOpen)
      }
    }
  }

  /// So many are put away at once: after a leap in time the others follow with the next segments.
  private static let endedAtOnce = 1_024

  /// Puts away what has been silent for too long.
  @inline(never)
  mutating func expire() {
    nextDue = Timestamp(nanoseconds: .max)
    var looks = 0
    for stage in LifeStage.queued {
      let life = limits.nanoseconds(of: stage)
      while true {
        let id = queues[stage.queueIndex].head
        guard id != .none else { break }
        // A damaged file may have put a time far ahead: whatever was queued then is due as well.
        let queued = now.nanoseconds(since: queuedTime(of: id))
        guard queued >= life || queued < -life else {
          nextDue = min(nextDue, Timestamp(nanoseconds: now.nanoseconds &+ max(0, life - queued)))
          break
        }
        guard looks < Self.endedAtOnce else {
          nextDue = now
          return
        }
        looks += 1
        guard isOverdue(id, at: now) else {
          requeue(id)
          continue
        }
        prefetchFollowers(of: id)
        endSilent(id)
      }
    }
  }

  /// Ends a connection that has been silent for too long.
  @inline(__always)
  mutating func endSilent(_ id: ConnectionID) {
    if !id.isNoConnection, let straying = straying(id), straying.mayBegin {
      _ = replace(id, by: straying)
    } else {
      end(id, stage(of: id) == .closed ? .closed : .idle)
    }
  }

  /// Makes room: the oldest of the half-open ones, which a flood makes by the million; then what is
  /// over; an open connection last.
  mutating func evict() {
    for stage in LifeStage.queued {
      while queues[stage.queueIndex].head != .none {
        let id = queues[stage.queueIndex].head
        guard self.stage(of: id).queueIndex == stage.queueIndex else {
          requeue(id)
          continue
        }
        end(id, .tableFull)
        return
      }
    }
  }
}
