/// How the connection stood that had the same two socket addresses before, when this one began.
public enum Predecessor: UInt8, Sendable, BitwiseCopyable {
  /// There was none, as far as the table remembers.
  case none
  /// Both ends had closed, less than 2·MSL before (RFC 9293 §3.6.1).
  case timeWait
  /// A RST had ended it.
  case reset
  /// Its client had answered the SYN-ACK by a lone RST: it knew nothing of that SYN.
  case rejected
  /// One of its ends had lost it, and reset it to open the next one (RFC 9293 §3.5.1, figure 9).
  case lost
  /// It had been silent for so long that its time was over.
  case expired
  /// Nothing had shown that it was over.
  case open

  /// A new connection of the tuple was to be expected.
  var isOver: Bool { self == .none || self == .reset || self == .expired }
}
