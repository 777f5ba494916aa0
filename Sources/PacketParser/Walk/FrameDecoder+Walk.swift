/// Where a walk ended.
private enum WalkEnd {
  case segment
  /// At what `FrameDecoder.error` holds.
  case icmpError
  /// At the last missing fragment of what `FrameDecoder.datagram` holds.
  case datagram
  case invalidSegment
  case other(FrameFate)
}

extension FrameDecoder {
  @inline(__always)
  mutating func decode(
    _ frame: RawSpan, _ info: FrameInfo, into segment: inout Segment,
    telling observer: inout some HeaderObserver
  ) -> DecodedFrame {
    segment.frame = info.number
    segment.time = info.time
    encapsulations.current.clear()
    // Damaged files claim wire lengths below what they hold, and absurd ones.
    let wireLength = max(frame.byteCount, min(info.wireLength, Int(UInt32.max)))
    var walk = Walk(wireLength: wireLength)
    var end = follow(firstHeader, frame, &walk, into: &segment, telling: &observer)
    while true {
      switch end {
      case .segment: return .segment
      case .icmpError: return error.map(DecodedFrame.icmpError) ?? .other(.notTCP)
      case .invalidSegment: return .invalidSegment
      case .other(let fate): return .other(fate)
      case .datagram: end = enterDatagram(&walk, into: &segment, telling: &observer)
      }
    }
  }

  /// Walks from the header `first` inward until something ends the walk.
  @inline(__always)
  private mutating func follow(
    _ first: HeaderKind, _ bytes: RawSpan, _ walk: inout Walk, into segment: inout Segment,
    telling observer: inout some HeaderObserver
  ) -> WalkEnd {
    var kind = first
    var rest = bytes
    while true {
      let step: Step
      switch kind {
      case .ethernet: step = EthernetHeader.read(rest, &walk)
      case .ipv4: step = IPv4Header.read(rest, &walk, &encapsulations.current, into: &segment)
      case .ipv6: step = IPv6Header.read(rest, &walk, &encapsulations.current, into: &segment)
      case .tcp:
        step = TCPHeader.read(
          rest, &walk, verifyingChecksum: verifiesChecksums, into: &segment)
      default:
        step = readUncommon(kind, rest, &walk, into: &segment)
      }

      switch step {
      case .next(let next):
        // Some headers tell where their packet ends; it cannot be within themselves.
        let end = min(rest.byteCount, walk.wireLength)
        guard walk.headerLength <= end else {
          observer.stopped(at: kind, rest, segment)
          return .other(Self.fate(.malformed, at: kind, in: walk))
        }
        observer.passed(kind, rest, walk, segment)
        // What was captured of what the header carries; padding is left off.
        rest = rest.extracting(walk.headerLength..<end)
        walk.wireLength &-= walk.headerLength
        kind = next
      case .segment:
        segment.encapsulation = encapsulations.identifyCurrent()
        segment.interface = walk.interface
        observer.passed(kind, rest, walk, segment)
        return .segment
      case .icmpError:
        observer.passed(kind, rest, walk, segment)
        return .icmpError
      case .fragment:
        observer.passed(kind, rest, walk, segment)
        return reassemble(rest, walk, into: &segment)
      case .stop(let fate):
        observer.stopped(at: kind, rest, segment)
        if kind == .tcp, fate == .malformed { return .invalidSegment }
        return .other(Self.fate(fate, at: kind, in: walk))
      }
    }
  }

  /// What a frame counts as whose walk ended at `kind`.
  @inline(never)
  private static func fate(_ fate: FrameFate, at kind: HeaderKind, in walk: Walk) -> FrameFate {
    switch fate {
    case .notIP where walk.isInsideIP: .notTCP
    // Only a port led there; a header that does not fit means that something else has the port.
    case .malformed where kind.isRecognisedByPort: .notTCP
    default: fate
    }
  }

  /// Keeps a fragment, which follows the header just read, and the datagram if it is complete now.
  @inline(never)
  private mutating func reassemble(
    _ bytes: RawSpan, _ walk: Walk, into segment: inout Segment
  ) -> WalkEnd {
    let end = min(bytes.byteCount, walk.wireLength)
    guard walk.headerLength <= end else { return .other(.malformed) }
    let wireLength = walk.wireLength - walk.headerLength
    let key = FragmentKey(
      walk.fragment, of: segment, encapsulation: encapsulations.identifyCurrent())
    let outcome = fragments.insert(
      walk.fragment, bytes.extracting(walk.headerLength..<end), wireLength: wireLength, of: key,
      seen: IncompleteDatagrams.Fragment(frame: segment.frame, time: segment.time))
    switch outcome {
    case .refused: return .other(.malformed)
    case .kept: return .other(.fragment)
    case .completes(let whole):
      // The whole packet has no fragment header any more (RFC 8200 §4.5).
      let fragmentHeaderLength = segment.ipVersion == .v6 ? walk.headerLength : 0
      segment.packetLength =
        segment.packetLength &- UInt32(wireLength + fragmentHeaderLength) &+ UInt32(whole.length)
      datagram = whole
      return .datagram
    }
  }

  /// Goes on into the datagram that was just completed.
  @inline(never)
  private mutating func enterDatagram(
    _ walk: inout Walk, into segment: inout Segment, telling observer: inout some HeaderObserver
  ) -> WalkEnd {
    // What it holds may be the last missing fragment of another one, and so on.
    guard walk.reassemblies < Self.layerLimit else { return .other(.nestedTooDeep) }
    walk.reassemblies += 1
    observer.enteredDatagram()
    walk.traits.insert(.reassembled)
    walk.wireLength = datagram.length
    let step = IPProtocol.step(
      into: datagram.nextHeader, of: segment.ipVersion, &encapsulations.current)
    let bytes = exchange(&datagram.bytes, with: [])
    switch step {
    case .next(let first):
      return withBytes(of: bytes) {
        follow(first, $0, &walk, into: &segment, telling: &observer)
      }
    case .stop(let fate): return .other(fate)
    case .fragment, .segment, .icmpError: return .other(.notTCP)
    }
  }
}
