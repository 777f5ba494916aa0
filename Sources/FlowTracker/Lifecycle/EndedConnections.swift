import PacketParser

/// Who has ended and waits to be reported, in the order in which they ended.
struct EndedConnections {
  struct Entry {
    let id: ConnectionID
    // What a connection remembers itself, and a SYN does not.
    let reason: EndReason
    let time: Timestamp
  }

  private var entries: [Entry] = []
  private var taken = 0

  var isEmpty: Bool { taken == entries.count }
  var first: Entry? { isEmpty ? nil : entries[taken] }

  mutating func append(_ entry: Entry) {
    entries.append(entry)
  }

  mutating func removeFirst() {
    taken += 1
    guard isEmpty else { return }
    entries.removeAll(keepingCapacity: entries.count < 4_096)
    taken = 0
  }
}
