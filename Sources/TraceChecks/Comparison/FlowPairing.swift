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

  /// Whether the captures obviously hold the same traffic: a segment with the same number between the same
  /// ends, or one that acknowledges a SYN of the other capture.
  static func areSameTraffic(_ a: CaptureRecording, _ b: CaptureRecording) -> Bool {
    a.flows.contains { flow in
      guard let other = b.flow(between: flow.ends) else { return false }
      return (0...1).contains {
        !Set(places(in: flow, $0)).isDisjoint(with: places(in: b.flows[other], $0))
      }
    }
  }

  /// What is known to have been sent in a direction.
  private static func places(in flow: RecordedFlow, _ direction: Int) -> [Place] {
    var places: [Place] = []
    // 0 is what stacks put where there is nothing to tell.
    for segment in flow.segments[direction] where segment.sequence != SequenceNumber(0) {
      places.append(
        Place(
          sequence: segment.sequence,
          length: segment.flags.contains(.syn) ? 0 : segment.payloadLength))
    }
    for answer in flow.segments[1 - direction]
    where answer.flags.intersection([.syn, .ack]) == [.syn, .ack] {
      places.append(
        Place(sequence: SequenceNumber(answer.acknowledgment.rawValue &- 1), length: 0))
    }
    return places
  }

  /// A place in a stream, and how much lies there; 0 of a SYN.
  private struct Place: Hashable {
    var sequence: SequenceNumber
    var length: UInt32
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
