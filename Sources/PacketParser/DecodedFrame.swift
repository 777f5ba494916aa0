/// What a frame turned out to hold.
public enum DecodedFrame: Sendable {
  /// A TCP segment, written where the caller wanted it.
  case segment
  /// An ICMP error about a TCP segment. Its frame counts as `FrameFate.notTCP`.
  ///
  /// It lies apart, so that what every other frame turned out to hold fits in a register.
  indirect case icmpError(ICMPError)
  /// A TCP header whose data offset is below its own length or beyond its packet (RFC 9293 §3.1). Its
  /// frame counts as `FrameFate.malformed`.
  case invalidSegment
  /// Nothing for the tracker.
  case other(FrameFate)
}
