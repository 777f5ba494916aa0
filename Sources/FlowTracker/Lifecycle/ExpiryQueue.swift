/// The connections of one life stage in the order in which they are to be looked at.
///
/// All of a stage have the same time to live, so a queue is enough: whoever comes to its head and has
/// been heard of meanwhile goes back to the tail. A segment moves nothing here, and what is due is
/// found in O(1). (That a connection may stay longer than its time does not show: a segment that
/// comes too late for it begins a new one in any case.)
struct ExpiryQueue: BitwiseCopyable {
  private(set) var count = 0
  private(set) var head = ConnectionID.none
  private var tail = ConnectionID.none

  mutating func append(_ id: ConnectionID, _ arena: borrowing ConnectionArena) {
    arena[id].history.previous = tail.rawValue
    arena[id].history.following = ConnectionID.none.rawValue
    if tail == .none { head = id } else { arena[tail].history.following = id.rawValue }
    tail = id
    count += 1
  }

  mutating func remove(_ id: ConnectionID, _ arena: borrowing ConnectionArena) {
    let previous = ConnectionID(rawValue: arena[id].history.previous)
    let following = ConnectionID(rawValue: arena[id].history.following)
    if previous == .none {
      head = following
    } else {
      arena[previous].history.following = following.rawValue
    }
    if following == .none {
      tail = previous
    } else {
      arena[following].history.previous = previous.rawValue
    }
    count -= 1
  }
}
