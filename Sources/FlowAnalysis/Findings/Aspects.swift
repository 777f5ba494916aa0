/// What a connection must have for a detector to find anything in it.
///
/// Most connections of a flood or a scan have none of these, so that few detectors look at them.
struct Aspects: OptionSet, BitwiseCopyable {
  var rawValue: UInt8

  /// Some of its segments were remarkable: repeated, missing, ignored, and the like; copies of frames are not.
  static let irregular = Aspects(rawValue: 1 << 0)
  /// Its handshake was complete, or came before the capture.
  static let open = Aspects(rawValue: 1 << 1)
  /// A SYN-ACK was seen.
  static let answered = Aspects(rawValue: 1 << 2)
  /// Another connection of its tuple came before it.
  static let reused = Aspects(rawValue: 1 << 3)
  /// A RST ended it.
  static let reset = Aspects(rawValue: 1 << 4)
  /// One of the ends sent a FIN.
  static let fin = Aspects(rawValue: 1 << 5)
  /// Both ends are the same, or one has an address or a port that no socket has.
  static let impossible = Aspects(rawValue: 1 << 6)
}
