/// The connections of one life stage in the order in which they are to be looked at.
///
/// All of a stage have the same time to live, so a queue is enough: whoever comes to its head and has
/// been heard of meanwhile goes back to the tail. A segment moves nothing here, and what is due is
/// found in O(1). (That a connection may stay longer than its time does not show: a segment that
/// comes too late for it begins a new one in any case.)
///
/// The arena is `inout` so that it is passed by its address: borrowed, Swift 6.3 copies it for each call.
struct ExpiryQueue: BitwiseCopyable {
  private(set) var count = 0
  private(set) var head = ConnectionID.none
  private var tail = ConnectionID.none

  mutating func append(_ id: ConnectionID, _ arena: inout ConnectionArena) {
    arena[links: id].previous = tail
    arena[links: id].following = .none
    if tail == .none { head = id } else { arena[links: tail].following = id }
    tail = id
    count += 1
  }

  mutating func remove(_ id: ConnectionID, _ arena: inout ConnectionArena) {
    let previous = arena[links: id].previous
    let following = arena[links: id].following
    if previous == .none {
      head = following
    } else {
      arena[links: previous].following = following
    }
    if following == .none {
      tail = previous
    } else {
      arena[links: following].previous = previous
    }
    count -= 1
  }

  /// Gives the place of one to another that waits nowhere.
  mutating func replace(
    _ id: ConnectionID, by other: ConnectionID, _ arena: inout ConnectionArena
  ) {
    let links = arena[links: id]
    arena[links: other] = links
    if links.previous == .none {
      head = other
    } else {
      arena[links: links.previous].following = other
    }
    if links.following == .none {
      tail = other
    } else {
      arena[links: links.following].previous = other
    }
  }
}

/// The neighbours of a connection in its queue.
struct QueueLinks: BitwiseCopyable {
  var previous: ConnectionID
  var following: ConnectionID
}
