/// What a frame turned out to hold.
public enum DecodedFrame: Sendable {
  /// A TCP segment, written where the caller wanted it.
  case segment
  /// An ICMP error about a TCP segment. Its frame counts as `FrameFate.notTCP`.
  ///
  /// It lies apart, so that what every other frame turned out to hold fits in a register.
  indirect case icmpError(ICMPError)
  /// Nothing for the tracker.
  case other(FrameFate)
}
