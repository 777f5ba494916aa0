import FlowTracker
import PacketParser

/// Finds segments that were cut up or put together between two places, as network cards do with many of
/// one connection (TSO, GRO).
enum Resegmentation {
  /// The largest payload that an IP packet can have, jumbograms aside.
  private static let largest: Int64 = 65_535

  /// So many pieces are looked at for each segment, however many lie there.
  private static let piecesLookedAt = 4_096

  /// What came of segments that have no partner.
  struct Result {
    /// Indices of those before whose bytes have all come in others, and of these others.
    var before: Set<Int> = []
    var after: Set<Int> = []
    /// Of those before whose bytes have come in part: how many have not.
    var missing: [Int: Int64] = [:]
  }

  /// - Parameters:
  ///   - matching: The pairs that were found.
  ///   - isBefore: Whether `a` is where the segments came by first.
  ///   - usual: By how much the clock of `b` is ahead when a segment comes there.
  /// - Returns: What came of those that have no partner.
  static func find(
    in matching: SegmentMatching, isBefore: Bool, usual: Int64
  ) -> Result {
    let (upstream, downstream) = isBefore ? (matching.a, matching.b) : (matching.b, matching.a)
    let usual = isBefore ? usual : -usual
    func loose(_ segments: [RecordedSegment], _ partners: IndexList, _ copies: IndexList) -> [Int] {
      segments.indices.filter {
        partners[$0] == nil && copies[$0] == nil && segments[$0].payloadLength > 0
      }
    }
    let inA = loose(matching.a, matching.partnerInB, matching.originalInA)
    let inB = loose(matching.b, matching.partnerInA, matching.originalInB)
    let (before, after) = isBefore ? (inA, inB) : (inB, inA)
    var result = Result()
    guard let first = before.first, !after.isEmpty else { return result }

    let base = upstream[first].sequence
    let sources = ranges(of: before, in: upstream, since: base)
    let pieces = ranges(of: after, in: downstream, since: base).sorted {
      ($0.start, $0.index) < ($1.start, $1.index)
    }
    for source in sources {
      let found = self.pieces(pieces, of: source) {
        let delay = downstream[$0].mark.time.nanoseconds(since: upstream[source.index].mark.time)
        return abs(Double(delay) - Double(usual)) <= Double(SegmentMatching.plausibleSpread)
      }
      guard !found.isEmpty else { continue }
      var covered = source.start
      var missing: Int64 = 0
      for piece in found {
        missing += max(0, piece.start - covered)
        covered = max(covered, piece.end)
        result.after.insert(piece.index)
      }
      missing += max(0, source.end - covered)
      if missing == 0 {
        result.before.insert(source.index)
      } else {
        result.missing[source.index] = missing
      }
    }
    return result
  }

  /// Payload, counted from a common sequence number.
  private struct Range {
    var start: Int64
    var end: Int64
    var index: Int
  }

  private static func ranges(
    of indices: [Int], in segments: [RecordedSegment], since base: SequenceNumber
  ) -> [Range] {
    var latest = (number: base, offset: Int64(0))
    return indices.map { index in
      let number = segments[index].sequence
      latest = (number, latest.offset + Int64(number - latest.number))
      return Range(
        start: latest.offset, end: latest.offset + Int64(segments[index].payloadLength),
        index: index)
    }
  }

  /// The pieces that share bytes with a segment, in the order of their bytes.
  private static func pieces(
    _ pieces: [Range], of source: Range, where isPlausible: (Int) -> Bool
  ) -> [Range] {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].start < source.start - largest { low = middle + 1 } else { high = middle }
    }
    var found: [Range] = []
    let end = min(pieces.count, low + piecesLookedAt)
    while low < end, pieces[low].start < source.end {
      if pieces[low].end > source.start, isPlausible(pieces[low].index) {
        found.append(pieces[low])
      }
      low += 1
    }
    return found
  }
}
