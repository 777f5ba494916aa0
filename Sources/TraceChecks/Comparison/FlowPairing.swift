import FlowTracker
import PacketParser

/// The segments between two ends, as two captures of the same traffic have them.
struct FlowPair {
  /// Indices of the flow in its capture; `nil` where that has none of it.
  var a: Int?
  var b: Int?
  /// An address was rewritten such that what is direction 0 in `a` is direction 1 in `b`.
  var isSwapped = false

  /// The direction in `b` that is this one in `a`.
  func directionInB(_ direction: Int) -> Int { isSwapped ? 1 - direction : direction }
}

/// Which flows of two captures are the same.
///
/// They are the same between the same ends. Where an address was rewritten on the way (NAT), the initial
/// sequence number of the SYN and its timestamp tell.
enum FlowPairing {
  static func pairs(_ a: CaptureRecording, _ b: CaptureRecording) -> [FlowPair] {
    var pairs: [FlowPair] = []
    var isPaired = [Bool](repeating: false, count: b.flows.count)
    for index in a.flows.indices {
      let other = b.flow(between: a.flows[index].ends)
      if let other { isPaired[other] = true }
      pairs.append(FlowPair(a: index, b: other))
    }
    let left = b.flows.indices.filter { !isPaired[$0] }
    var bySYN: [Opening: (flow: Int, direction: Int)] = [:]
    for index in left {
      if let opening = Opening(b.flows[index]), bySYN[opening] == nil {
        bySYN[opening] = (index, opening.direction)
      }
    }
    for index in pairs.indices where pairs[index].b == nil {
      guard let flow = pairs[index].a, let opening = Opening(a.flows[flow]),
        let (other, direction) = bySYN.removeValue(forKey: opening)
      else { continue }
      pairs[index].b = other
      pairs[index].isSwapped = direction != opening.direction
      isPaired[other] = true
    }
    return pairs + left.filter { !isPaired[$0] }.map { FlowPair(a: nil, b: $0) }
  }

  /// Whether the captures obviously hold the same traffic: a segment with the same number between the
  /// same ends.
  static func areSameTraffic(_ a: CaptureRecording, _ b: CaptureRecording) -> Bool {
    a.flows.contains { flow in
      guard let other = b.flow(between: flow.ends) else { return false }
      return (0...1).contains { direction in
        let numbers = Set(
          flow.segments[direction].filter { $0.isTelling }.map { Place($0) })
        return b.flows[other].segments[direction].contains {
          $0.isTelling && numbers.contains(Place($0))
        }
      }
    }
  }

  /// A place in a stream, and what lies there.
  private struct Place: Hashable {
    var sequence: SequenceNumber
    var length: UInt32
    var start: UInt64

    init(_ segment: RecordedSegment) {
      (sequence, length) = (segment.sequence, segment.payloadLength)
      start = segment.payloadStart
    }
  }

  /// The first SYN of a flow, by what a NAT leaves of it.
  private struct Opening: Hashable {
    let sequence: SequenceNumber
    let timestamp: UInt32
    let direction: Int

    init?(_ flow: RecordedFlow) {
      let syns = (0...1).compactMap { direction in
        flow.segments[direction].first { $0.flags.intersection([.syn, .ack]) == .syn }
          .map { (direction, $0) }
      }
      guard let (direction, syn) = syns.min(by: { $0.1.mark.frame < $1.1.mark.frame }) else {
        return nil
      }
      self.direction = direction
      (sequence, timestamp) = (syn.sequence, syn.timestampValue)
    }

    static func == (left: Opening, right: Opening) -> Bool {
      left.sequence == right.sequence && left.timestamp == right.timestamp
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(sequence)
      hasher.combine(timestamp)
    }
  }
}

extension RecordedSegment {
  /// Whether its number says what traffic it is of: it opens a connection, or brings payload.
  fileprivate var isTelling: Bool { flags.contains(.syn) || payloadLength > 0 }
}
