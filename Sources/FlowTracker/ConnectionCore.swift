import PacketParser

/// What every segment of a connection touches: a cache line of what finds it and where both ends stand,
/// and one for what each end has sent, of which a segment needs its sender's.
struct ConnectionCore: BitwiseCopyable {
  var key: FlowKey
  /// The latest segment.
  var last: FrameMark
  var stage = LifeStage.opening
  private(set) var clientIsLower: Bool
  var traits: Traits = []
  /// The encapsulation of each end's latest segment.
  var tunnels = InlineArray<2, EncapsulationID>(repeating: .none)
  /// The client's, then the server's.
  var ends = InlineArray<2, EndpointPosition>(repeating: EndpointPosition())
  /// The client's, then the server's.
  var traffic = InlineArray<2, EndpointTraffic>(repeating: EndpointTraffic())

  struct Traits: OptionSet, BitwiseCopyable {
    var rawValue: UInt16

    static let hasStrayingSYN = Traits(rawValue: 1 << 0)
    /// Another connection has the same tuple in another tunnel.
    static let hasSibling = Traits(rawValue: 1 << 1)
    static let sawSYN = Traits(rawValue: 1 << 2)
    static let sawSYNACK = Traits(rawValue: 1 << 3)
    /// A segment with ACK, without SYN and without payload; a RST counts too.
    static let sawBareACK = Traits(rawValue: 1 << 4)
    /// It was put away, and its place may be another's soon.
    static let hasEnded = Traits(rawValue: 1 << 5)
    /// It has ended, and its report is being written.
    static let isTaken = Traits(rawValue: 1 << 6)
    /// One of its ends has `EndpointIrregularities` to tell.
    static let isIrregular = Traits(rawValue: 1 << 7)
    /// They have more to tell than of copies of frames, so what comes next may depend on them.
    static let needsCare = Traits(rawValue: 1 << 15)
    /// Both ends are in ESTABLISHED, which nothing is left to prove, and neither has sent a FIN: only
    /// a SYN, a FIN or a RST can change a state.
    static let isSteady = Traits(rawValue: 1 << 8)
    /// Both ends have one address and one port.
    static let hasOneEnd = Traits(rawValue: 1 << 9)
    /// They are one socket, which has answered its own SYN.
    static let speaksToItself = Traits(rawValue: 1 << 10)
    /// It was found to be unremarkable when it closed, and nothing has come since.
    static let isUnremarkable = Traits(rawValue: 1 << 11)
    /// One of the windows is small, as far as is known.
    static let isNarrow = Traits(rawValue: 1 << 12)
    /// One of its ends owes a reply.
    static let owesReply = Traits(rawValue: 1 << 13)
    /// One of its ends takes but small segments.
    static let hasSmallSegments = Traits(rawValue: 1 << 14)
  }

  /// Begins another connection in the place of this one.
  ///
  /// Field by field, where it lies: a new value would come to be on the stack and be copied from there, and
  /// wide reads of what was written piece by piece wait until it has reached the cache.
  @inline(__always)
  mutating func begin(
    _ lookup: FlowLookup, opening segment: inout Segment, senderIsClient: Bool
  ) {
    key = lookup.key
    last.frame = segment.frame
    last.time = segment.time
    stage = .opening
    clientIsLower = senderIsClient == lookup.fromLower
    traits = segment.hasOneEnd ? .hasOneEnd : []
    for end in 0..<2 {
      tunnels[end] = .none
      ends[end] = EndpointPosition()
      traffic[end] = EndpointTraffic()
    }
  }

  /// Whether a segment of this end may change a state, or prove one that is only presumed: it has a SYN, a
  /// FIN or a RST, or the connection is opening or closing, or something is left to prove.
  ///
  /// In one branch for whoever asks: none of it is anything that a processor can foresee.
  @inline(__always)
  func touchesHistory(_ flags: TCPFlags, from sender: Side) -> Bool {
    let isOpening: UInt16 = stage == .opening ? 1 : 0
    let fins = ends[0].knows.union(ends[1].knows).intersection(.fin)
    let proofs = ends[Int(sender.rawValue)].knows.intersection(.awaitsProof)
    let unsteady: UInt16 = traits.contains(.isSteady) ? 0 : .max
    let control = flags.intersection([.syn, .fin, .rst])
    return unsteady & (isOpening | fins.union(proofs).rawValue) | control.rawValue != 0
  }

  @inline(__always)
  func sender(fromLower: Bool) -> Side {
    fromLower == clientIsLower ? .client : .server
  }
}

extension Segment {
  /// Both ends have one address and one port.
  @inline(__always)
  var hasOneEnd: Bool {
    sourcePort == destinationPort && sourceLow == destinationLow && sourceHigh == destinationHigh
  }
}
