import FlowTracker
import PacketParser
import TraceScript

/// Whether an end may have closed before it had the other FIN without any frame that shows it.
///
/// Whoever has a FIN and answers it by his own goes from CLOSE-WAIT to LAST-ACK. If he had sent his FIN
/// before, he went from FIN-WAIT-1 to CLOSING, and has only repeated it. The two look the same, segment
/// for segment, to an observer who has seen neither that FIN before nor a number beyond it: nothing
/// else in a segment depends on it. So until an end is first seen to acknowledge the other FIN in a
/// connection, the tracker is to know of a FIN from these two, and cannot from anything else.
struct HiddenFIN {
  private let own: [Segment]
  /// What acknowledges a FIN of the other end.
  private let acknowledgments: [SequenceNumber]

  /// Looks at the connection that `frame` is one of.
  init(in conversation: Conversation, of side: Side, around frame: Int) {
    let isOwn = { (frame: CapturedSegment) in frame.fromClient == (side == .client) }
    let sent = conversation.captured.filter(isOwn).map(\.segment)
    let syn = sent.last { $0.flags.contains(.syn) && $0.frame <= frame }
    own = sent.filter { !$0.flags.contains(.rst) && $0.frame >= syn?.frame ?? 0 }
    acknowledgments = conversation.captured
      .filter { !isOwn($0) && $0.segment.flags.contains(.fin) }
      .map(\.segment.sequenceEnd)
  }

  var isPossible: Bool {
    let first = own.firstIndex {
      $0.flags.contains(.ack) && acknowledgments.contains($0.acknowledgment)
    }
    guard let first else { return false }
    guard !own[..<first].contains(where: { $0.flags.contains(.fin) }) else { return false }
    // Where the FIN itself never is seen, numbers beyond the bytes that were seen are as good.
    let end =
      own.first { $0.flags.contains(.fin) }?.sequenceEnd
      ?? own[...first].filter { $0.sequenceLength > 0 }.map { $0.sequenceEnd + 1 }
      .max { $0 < $1 }
    guard let end else { return true }
    return !own[...first].contains { $0.sequenceLength == 0 && $0.sequence >= end }
  }
}
