import PacketParser

/// What a capture shows of the payload that one end of a connection has sent: which bytes came by, how far
/// the end got, and how far its peer has acknowledged them.
struct StreamCoverage {
  /// Longer streams come by the same numbers again.
  private static let longest: Int64 = 1 << 31

  private let base: SequenceNumber
  /// The latest segment's number, and how far on from `base` that is.
  private var latest: (number: SequenceNumber, offset: Int64)
  /// Bytes counted from `base`; once `finish` was called in order, and none twice.
  private var ranges: [(start: Int64, end: Int64)] = []
  private var acknowledged: Int64 = 0

  fileprivate init(since base: SequenceNumber) {
    self.base = base
    latest = (base, 0)
  }

  fileprivate mutating func add(_ segment: RecordedSegment) {
    guard segment.payloadLength > 0 else { return }
    let start = latest.offset + Int64(segment.sequence - latest.number)
    latest = (segment.sequence, start)
    let end = start + Int64(segment.payloadLength)
    if let last = ranges.last, start == last.end {
      ranges[ranges.count - 1].end = end
    } else {
      ranges.append((start, end))
    }
  }

  fileprivate mutating func addAnswer(_ answer: RecordedSegment) {
    guard answer.flags.intersection([.ack, .rst]) == .ack else { return }
    acknowledged = max(acknowledged, Int64(answer.acknowledgment - base))
  }

  fileprivate mutating func finish() {
    ranges.sort { $0 < $1 }
    var merged: [(start: Int64, end: Int64)] = []
    for range in ranges {
      if let last = merged.last, range.start <= last.end {
        merged[merged.count - 1].end = max(last.end, range.end)
      } else {
        merged.append(range)
      }
    }
    ranges = merged
  }

  /// Whether payload with these numbers came by though none of it shows: its sender has got beyond it and
  /// it was acknowledged.
  func hasMissed(_ segment: RecordedSegment, shiftedBy shift: UInt32) -> Bool {
    guard let end = ranges.last?.end, end < Self.longest, segment.payloadLength > 0 else {
      return false
    }
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

/// The coverage of connections of a direction of a flow in one capture.
struct FlowCoverage {
  private var byConnection: [UInt32: StreamCoverage] = [:]

  /// - Parameters:
  ///   - segments: Those of the end, in the order of the capture.
  ///   - answers: Those of its peer.
  ///   - connections: The numbers of the connections that are asked for.
  init(
    _ segments: [RecordedSegment], answeredBy answers: [RecordedSegment],
    of connections: Set<UInt32>
  ) {
    guard !connections.isEmpty else { return }
    for segment in segments where connections.contains(segment.connection) {
      byConnection[segment.connection, default: StreamCoverage(since: segment.sequence)]
        .add(segment)
    }
    for answer in answers { byConnection[answer.connection]?.addAnswer(answer) }
    for connection in byConnection.keys { byConnection[connection]?.finish() }
  }

  subscript(connection: UInt32) -> StreamCoverage? { byConnection[connection] }
}
