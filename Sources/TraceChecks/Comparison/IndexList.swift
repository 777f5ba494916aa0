/// For each of many things the index of another one, or none, in four bytes.
struct IndexList {
  private var values: [UInt32]

  init(count: Int) {
    values = [UInt32](repeating: .max, count: count)
  }

  var indices: Range<Int> { values.indices }
  var hasGaps: Bool { values.contains(.max) }

  /// How many there are, or are missing.
  func count(of isThere: Bool) -> Int { values.count { ($0 != .max) == isThere } }

  subscript(index: Int) -> Int? {
    get { values[index] == .max ? nil : Int(values[index]) }
    set { values[index] = newValue.map { UInt32($0) } ?? .max }
  }
}

extension IndexList {
  /// For each index the connection that its nearest neighbour with a partner has there; `nil` where none
  /// has one.
  func connections(in others: [RecordedSegment]) -> [UInt32?] {
    var connections = indices.map { index in self[index].map { others[$0].connection } }
    var latest: UInt32?
    for index in connections.indices {
      latest = connections[index] ?? latest
      connections[index] = latest
    }
    let first = connections.firstIndex { $0 != nil } ?? connections.endIndex
    for index in connections[..<first].indices where first < connections.endIndex {
      connections[index] = connections[first]
    }
    return connections
  }
}
