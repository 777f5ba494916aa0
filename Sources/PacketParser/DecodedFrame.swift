/// What a frame turned out to hold.
public enum DecodedFrame: Sendable, BitwiseCopyable {
  /// A TCP segment, written where the caller wanted it.
  case segment
  /// An ICMP error about a TCP segment. Its frame counts as `FrameFate.notTCP`.
  case icmpError(ICMPError)
  /// Nothing for the tracker.
  case other(FrameFate)
}
