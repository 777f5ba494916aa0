/// How the connection stood that had the same two socket addresses before, when this one began.
public enum Predecessor: UInt8, Sendable, BitwiseCopyable {
  /// There was none, as far as the table remembers.
  case none
  /// Both ends had closed, less than 2·MSL before (RFC 9293 §3.6.1).
  case timeWait
  /// A RST had ended it.
  case reset
  /// It had been silent for so long that its time was over.
  case expired
  /// Nothing had shown that it was over.
  case open

  /// A new connection of the tuple was to be expected.
  var isOver: Bool { self != .timeWait && self != .open }
}
