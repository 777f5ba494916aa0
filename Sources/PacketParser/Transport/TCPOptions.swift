/// The options of a TCP header, as the flat summary that the tracker needs (RFC 9293 §3.2).
public struct TCPOptions: BitwiseCopyable, Sendable {
  /// The kinds that are there.
  public var present: TCPOptionSet = []
  /// MSS in bytes, when `present` says so (RFC 9293 §3.7.1).
  public var maximumSegmentSize: UInt16 = 0
  /// The shift count, when `present` says so (RFC 7323 §2.2).
  public var windowScale: UInt8 = 0
  /// How many of `sackBlocks` are filled (RFC 2018 §3).
  public var sackBlockCount: UInt8 = 0
  /// TSval, when `present` says so (RFC 7323 §3.2).
  public var timestampValue: UInt32 = 0
  /// TSecr, when `present` says so; meaningful only on a segment with ACK.
  public var timestampEcho: UInt32 = 0
  public var sackBlocks = InlineArray<4, SACKBlock>(repeating: SACKBlock())
  /// The bytes of the Fast Open cookie; 0 asks for one (RFC 7413 §4.1.1).
  public var fastOpenCookieLength: UInt8 = 0
  /// How many options of an unknown kind there are, and the first two of them.
  public var unknownCount: UInt8 = 0
  public var unknown = InlineArray<2, UnknownTCPOption>(repeating: UnknownTCPOption())

  public init() {}
}

/// Bytes that arrived out of order: from `left` up to, not including, `right` (RFC 2018 §3).
public struct SACKBlock: BitwiseCopyable, Sendable {
  public var left = SequenceNumber(0)
  public var right = SequenceNumber(0)

  public init() {}
}

/// An option whose kind synfin does not know.
public struct UnknownTCPOption: BitwiseCopyable, Sendable {
  public var kind: UInt8 = 0
  /// The option's own length byte: kind and length included.
  public var length: UInt8 = 0

  public init() {}
}

/// Kinds of TCP options.
public struct TCPOptionSet: OptionSet, BitwiseCopyable, Sendable {
  public var rawValue: UInt16

  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  public static var maximumSegmentSize: TCPOptionSet { TCPOptionSet(rawValue: 1 << 0) }
  public static var windowScale: TCPOptionSet { TCPOptionSet(rawValue: 1 << 1) }
  public static var sackPermitted: TCPOptionSet { TCPOptionSet(rawValue: 1 << 2) }
  public static var sack: TCPOptionSet { TCPOptionSet(rawValue: 1 << 3) }
  public static var timestamps: TCPOptionSet { TCPOptionSet(rawValue: 1 << 4) }
  /// Kind 34 (RFC 7413).
  public static var fastOpen: TCPOptionSet { TCPOptionSet(rawValue: 1 << 5) }
  /// Kind 254 with the experiment identifier F9 89 (RFC 7413 Appendix A).
  public static var experimentalFastOpen: TCPOptionSet { TCPOptionSet(rawValue: 1 << 6) }
  /// Kind 19 (RFC 2385).
  public static var md5Signature: TCPOptionSet { TCPOptionSet(rawValue: 1 << 7) }
  /// Kind 29 (RFC 5925).
  public static var authentication: TCPOptionSet { TCPOptionSet(rawValue: 1 << 8) }
  /// Kind 30 (RFC 8684).
  public static var multipath: TCPOptionSet { TCPOptionSet(rawValue: 1 << 9) }
  public static var userTimeout: TCPOptionSet { TCPOptionSet(rawValue: 1 << 10) }
  /// What only a SYN may have, or nothing.
  static var misplacedWithoutSYN: TCPOptionSet {
    [.maximumSegmentSize, .windowScale, .sackPermitted, .malformed]
  }
  /// A length below 2, beyond the header, or wrong for its kind; what stood before it is kept.
  public static var malformed: TCPOptionSet { TCPOptionSet(rawValue: 1 << 15) }
}
