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
    // Whoever takes fewer than end at a time does not make it grow with the capture.
    guard isEmpty || taken >= 4_096 && taken > entries.count / 2 else { return }
    if taken < 4_096 {
      entries.removeAll(keepingCapacity: true)
    } else {
      entries = Array(entries[taken...])
    }
    taken = 0
  }
}
