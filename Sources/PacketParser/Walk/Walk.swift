/// Where the decoder stands in a frame.
///
/// A header's reader is lent the bytes captured from its first one on. It looks at them, says in the
/// walk how long the header is (and, when it knows better, where its packet ends), and answers with
/// the `Step` to take.
struct Walk: BitwiseCopyable {
  /// Bytes on the wire from the header that is next to the end of what carries it.
  ///
  /// The headers so far tell, else the capture. Never less than the bytes that were captured.
  var wireLength: Int
  /// The length of the header just read.
  var headerLength = 0
  /// What the IP headers so far have to say of the segment.
  var traits: SegmentTraits = []
  /// The number of the interface that the frame was captured on; 0 where it does not tell.
  var interface: UInt32 = 0
  /// Whether an IP header was passed.
  var isInsideIP = false
  /// Whether the 802.11 header is followed by padding to a multiple of 4, as radiotap says.
  var padsWirelessHeader = false
  /// How many reassembled datagrams the walk has entered.
  var reassemblies = 0
  /// Set with `Step.fragment`.
  var fragment = FragmentHeader()
}

/// What follows a header that was read.
enum Step {
  case next(HeaderKind)
  /// A part of a datagram, as `Walk.fragment` describes it, follows.
  case fragment
  /// The header was that of a TCP segment.
  case segment
  /// The message was an error about a TCP segment.
  case icmpError
  case stop(FrameFate)
}

/// Which part of which datagram an IP fragment is.
struct FragmentHeader: BitwiseCopyable {
  /// The IPv4 field has 16 bits, that of IPv6 32.
  var identification: UInt32 = 0
  var offset = 0
  var isLast = false
  /// The protocol of what the whole datagram carries.
  var nextHeader: UInt8 = 0
}

extension Walk {
  /// The header has `length` bytes; what follows it comes next.
  @inline(__always)
  mutating func pass(_ length: Int, then next: HeaderKind) -> Step {
    headerLength = length
    return .next(next)
  }

  /// The header has `length` bytes; a frame of the link type with this number comes next.
  mutating func pass(_ length: Int, thenLinkType number: UInt32) -> Step {
    guard let linkType = Int32(exactly: number).flatMap(LinkType.init(number:)) else {
      return .stop(.notIP)
    }
    return pass(length, then: linkType.firstHeader)
  }

  /// The packet that begins with the header being read has `length` bytes; padding follows it.
  @inline(__always)
  mutating func end(at length: Int) {
    if length < wireLength { wireLength = length }
  }

  /// Why a header that needs `length` bytes cannot be read: fewer were captured, or fewer are there.
  func lacks(_ length: Int) -> Step {
    .stop(wireLength < length ? .malformed : .truncated)
  }
}
