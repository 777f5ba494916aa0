public import FlowTracker
public import PacketParser

/// What frames prove by themselves, whatever is made of them.
public struct Proof {
  /// A SYN (or SYN-ACK) is there, and after it an acknowledgment that is no part of it.
  ///
  /// In a simultaneous open the SYN-ACKs are the acknowledgments; a socket that is connected to itself
  /// sends both of them as one.
  public let hasHandshake: Bool
  /// Both ends send a FIN that the other end acknowledges.
  public let hasClose: Bool

  public init(in segments: some Collection<Segment>) {
    let ends = segments.contains { $0.source == $0.destination } ? 1 : 2
    let afterSYN = segments.drop { !$0.flags.contains(.syn) }.dropFirst()
    let acknowledges = afterSYN.contains {
      $0.flags.contains(.ack) && $0.flags.isDisjoint(with: [.syn, .rst])
    }
    hasHandshake =
      acknowledges || segments.count { $0.flags.isSuperset(of: [.syn, .ack]) } >= ends

    let closed = segments.filter { fin in
      fin.flags.contains(.fin)
        && segments.contains {
          $0.source == fin.destination && $0.destination == fin.source
            && $0.flags.contains(.ack) && $0.acknowledgment >= fin.sequenceEnd
        }
    }
    hasClose = Set(closed.map(\.source)).count >= ends
  }
}

extension Connection {
  public var isOpened: Bool { handshake.outcome == .complete }
  public var isClosed: Bool { closing.outcome == .complete }
}
