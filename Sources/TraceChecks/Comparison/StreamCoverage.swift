import PacketParser

/// What a capture shows of the payload that one end of a connection has sent: which bytes came by, how far
/// the end got, and how far its peer has acknowledged them.
struct StreamCoverage {
  /// Longer streams come by the same numbers again.
  private static let longest: Int64 = 1 << 31

  private var base: SequenceNumber?
  /// Bytes counted from `base`, in order, none twice.
  private var ranges: [(start: Int64, end: Int64)] = []
  private var acknowledged: Int64 = 0

  /// - Parameters:
  ///   - segments: Those of the end, in the order of the capture.
  ///   - answers: Those of its peer.
  init(_ segments: [RecordedSegment], answeredBy answers: [RecordedSegment]) {
    guard let first = segments.first else { return }
    base = first.sequence
    var latest = (number: first.sequence, offset: Int64(0))
    var all: [(start: Int64, end: Int64)] = []
    for segment in segments where segment.payloadLength > 0 {
      let start = latest.offset + Int64(segment.sequence - latest.number)
      latest = (segment.sequence, start)
      all.append((start, start + Int64(segment.payloadLength)))
    }
    all.sort { $0 < $1 }
    for range in all {
      if let last = ranges.last, range.start <= last.end {
        ranges[ranges.count - 1].end = max(last.end, range.end)
      } else {
        ranges.append(range)
      }
    }
    for answer in answers where answer.flags.intersection([.ack, .rst]) == .ack {
      acknowledged = max(acknowledged, Int64(answer.acknowledgment - first.sequence))
    }
  }

  /// Whether payload with these numbers came by though none of it shows: its sender has got beyond it and
  /// it was acknowledged.
  func hasMissed(_ segment: RecordedSegment, shiftedBy shift: UInt32) -> Bool {
    guard let base, let end = ranges.last?.end, end < Self.longest, segment.payloadLength > 0
    else { return false }
    let start = Int64(segment.sequence + shift - base)
    guard start >= 0, start + Int64(segment.payloadLength) <= min(acknowledged, Self.longest) else {
      return false
    }
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].end <= start { low = middle + 1 } else { high = middle }
    }
    return low == ranges.count || ranges[low].start >= start + Int64(segment.payloadLength)
  }
}

/// The coverage of all connections of a direction of a flow in one capture.
struct FlowCoverage {
  private var byConnection: [UInt32: StreamCoverage] = [:]

  init(_ segments: [RecordedSegment], answeredBy answers: [RecordedSegment]) {
    let answers = Dictionary(grouping: answers, by: \.connection)
    for (connection, segments) in Dictionary(grouping: segments, by: \.connection) {
      byConnection[connection] = StreamCoverage(
        segments, answeredBy: answers[connection] ?? [])
    }
  }

  subscript(connection: UInt32) -> StreamCoverage? { byConnection[connection] }
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
