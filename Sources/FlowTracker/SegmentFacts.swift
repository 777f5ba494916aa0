/// What is true of one segment in its connection. Facts, not judgements.
public struct SegmentFacts: OptionSet, BitwiseCopyable, Sendable {
  public var rawValue: UInt32

  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// It is the first of its connection.
  public static let opensConnection = SegmentFacts(rawValue: 1 << 0)
  /// The same frame again, made by the capture or the network, not by the sender.
  public static let duplicateFrame = SegmentFacts(rawValue: 1 << 1)
  /// All of its bytes (or its SYN or FIN) were seen before.
  public static let repeatsData = SegmentFacts(rawValue: 1 << 2)
  /// It brings bytes that later ones overtook.
  public static let outOfOrder = SegmentFacts(rawValue: 1 << 3)
  /// Bytes before it have not been seen.
  public static let gapBefore = SegmentFacts(rawValue: 1 << 4)
  /// It acknowledges bytes that have not been seen: the capture missed them.
  public static let acknowledgesUnseen = SegmentFacts(rawValue: 1 << 5)
  /// It advertises a window of 0 (not on SYN, FIN or RST).
  public static let zeroWindow = SegmentFacts(rawValue: 1 << 6)
  /// At most one byte, at the sequence number before the next one: a keep-alive or a window probe.
  public static let probe = SegmentFacts(rawValue: 1 << 7)
  /// Its sequence number is nowhere near what the connection has sent.
  public static let outsideWindow = SegmentFacts(rawValue: 1 << 8)
  /// A RST that its receiver must take.
  public static let acceptableReset = SegmentFacts(rawValue: 1 << 9)
  /// A RST in the window but not at the next byte: it draws a challenge ACK (RFC 5961 §3.2).
  public static let inexactReset = SegmentFacts(rawValue: 1 << 10)
  /// A RST outside the window: it is ignored.
  public static let ignoredReset = SegmentFacts(rawValue: 1 << 11)
  /// A SYN of the same attempt, again.
  public static let repeatsSYN = SegmentFacts(rawValue: 1 << 12)
  /// A SYN of the same end with another initial sequence number, while the first is unanswered.
  public static let changesInitialSequence = SegmentFacts(rawValue: 1 << 13)
  /// A SYN on a connection that both ends believe to be open. The next answer tells what it is.
  public static let synOnSynchronized = SegmentFacts(rawValue: 1 << 14)
  /// It begins a new connection of a tuple that was used before.
  public static let newIncarnation = SegmentFacts(rawValue: 1 << 15)
  /// It belongs to a connection that was over.
  public static let afterClose = SegmentFacts(rawValue: 1 << 16)
}
