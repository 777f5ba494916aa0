/// Decodes frames of one link type into TCP segments.
///
/// A decoder remembers only what decoding needs from one frame to the next: fragments of datagrams
/// that are not complete yet, and the names of the encapsulations it has met. Both are bounded.
public struct FrameDecoder: ~Copyable {
  /// How many layers may lie between the link layer and the innermost IP header.
  public static let layerLimit = EncapsulationStack.capacity

  private let firstHeader: HeaderKind
  private let verifiesChecksums: Bool
  private var encapsulations: EncapsulationTable
  private var fragments: FragmentTable
  /// What the walk through the frame at hand came to.
  private var error: ICMPError?
  private var datagram = Datagram()

  /// A decoder for frames of `linkType`.
  ///
  /// - Parameters:
  ///   - linkType: What every frame begins with.
  ///   - verifiesChecksums: Whether the TCP checksum of segments captured whole is verified.
  ///   - encapsulationLimit: How many different stacks of encapsulation are told apart.
  ///   - fragmentLimits: What may be kept of datagrams that are not complete yet.
  public init(
    linkType: LinkType, verifiesChecksums: Bool = true, encapsulationLimit: Int = 4096,
    fragmentLimits: FragmentLimits = FragmentLimits()
  ) {
    firstHeader = linkType.firstHeader
    self.verifiesChecksums = verifiesChecksums
    encapsulations = EncapsulationTable(limit: encapsulationLimit)
    fragments = FragmentTable(limits: fragmentLimits)
  }

  /// Decodes one frame; call it once for every frame, in the order of the capture.
  ///
  /// - Parameters:
  ///   - frame: The bytes that were captured.
  ///   - info: What the capture says of the frame.
  ///   - segment: Where the segment goes. It holds one only if the answer is `.segment`; else it may
  ///     have been partly overwritten.
  /// - Returns: What the frame holds.
  public mutating func decode(
    _ frame: RawSpan, _ info: FrameInfo, into segment: inout Segment
  ) -> DecodedFrame {
    var silence = SilentObserver()
    return decode(frame, info, into: &segment, telling: &silence)
  }

  /// The layers that a segment's `encapsulation` names, outermost first.
  ///
  /// Empty for `EncapsulationID.none` and `.other`.
  public func layers(of id: EncapsulationID) -> [EncapsulationLayer] {
    encapsulations.layers(of: id)
  }
}

/// Is told of every header that the decoder passes.
protocol HeaderObserver {
  /// A header was read.
  ///
  /// - Parameters:
  ///   - kind: Which header it is.
  ///   - bytes: What was captured from its first byte on.
  ///   - walk: How long it is, and what follows.
  ///   - segment: What has been read so far.
  mutating func passed(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: Walk, _ segment: Segment)

  /// The walk ended at a header without a segment.
  mutating func stopped(at kind: HeaderKind, _ bytes: RawSpan, _ segment: Segment)

  /// What follows stands in a datagram put together from fragments.
  mutating func enteredDatagram()
}

/// The observer of the hot path, which costs nothing.
private struct SilentObserver: HeaderObserver {
  @inline(__always)
  mutating func passed(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: Walk, _ segment: Segment
  ) {}

  @inline(__always)
  mutating func stopped(at kind: HeaderKind, _ bytes: RawSpan, _ segment: Segment) {}

  @inline(__always)
  mutating func enteredDatagram() {}
}

/// Where a walk ended.
private enum WalkEnd {
  case segment
  /// At what `FrameDecoder.error` holds.
  case icmpError
  /// At the last missing fragment of what `FrameDecoder.datagram` holds.
  case datagram
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
    while case .datagram = end { end = enterDatagram(&walk, into: &segment, telling: &observer) }
    switch end {
    case .segment: return .segment
    case .icmpError: return error.map(DecodedFrame.icmpError) ?? .other(.notTCP)
    case .other(let fate): return .other(fate)
    case .datagram: return .other(.fragment)
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

      if case .stop(let fate) = step {
        observer.stopped(at: kind, rest, segment)
        return .other(Self.fate(fate, at: kind, in: walk))
      }
      observer.passed(kind, rest, walk, segment)
      if case .segment = step {
        segment.encapsulation = encapsulations.identifyCurrent()
        return .segment
      }
      if case .icmpError = step { return .icmpError }

      // What was captured of what the header carries; padding is left off.
      rest = rest.extracting(walk.headerLength..<min(rest.byteCount, walk.wireLength))
      walk.wireLength &-= walk.headerLength
      guard case .next(let next) = step else { return reassemble(rest, walk, into: &segment) }
      kind = next
    }
  }

  /// What a frame counts as whose walk ended at `kind`.
  private static func fate(_ fate: FrameFate, at kind: HeaderKind, in walk: Walk) -> FrameFate {
    switch fate {
    case .notIP where walk.isInsideIP: .notTCP
    // Only a port led there; a header that does not fit means that something else has the port.
    case .malformed where kind.isRecognisedByPort: .notTCP
    default: fate
    }
  }

  /// Reads a header that most frames do not have.
  @inline(never)
  private mutating func readUncommon(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: inout Walk, into segment: inout Segment
  ) -> Step {
    switch kind {
    case .ethernet, .ipv4, .ipv6, .tcp:
      preconditionFailure("the common headers are read where the walk goes on")

    case .ethernetPreemption: PreemptionHeader.read(bytes, &walk)
    case .networkAnalyzer: FixedPrefix.read(bytes, &walk, length: 4, then: .ethernet)
    case .networkAnalyzerTransparent: FixedPrefix.read(bytes, &walk, length: 12, then: .ethernet)
    case .eponPreamble: FixedPrefix.read(bytes, &walk, length: 8, then: .ethernet)
    case .juniperEthernet: JuniperHeader.read(bytes, &walk)
    case .marvellTag: FixedTag.read(bytes, &walk, length: 18)
    case .marvellEtherTypeTag: FixedTag.read(bytes, &walk, length: 22)
    case .broadcomTag: FixedTag.read(bytes, &walk, length: 18)
    case .broadcomPrependedTag: FixedPrefix.read(bytes, &walk, length: 4, then: .ethernet)
    case .linuxCooked: LinuxCookedHeader.read(bytes, &walk)
    case .linuxCookedVersion2: LinuxCookedHeader.readVersion2(bytes, &walk)
    case .loopback: LoopbackHeader.read(bytes, &walk)
    case .ppp: PPPHeader.read(bytes, &walk)
    case .pppWithDirection: FixedPrefix.read(bytes, &walk, length: 1, then: .ppp)
    case .ciscoHDLC: CiscoHDLCHeader.read(bytes, &walk)
    case .ciscoHDLCWithDirection: FixedPrefix.read(bytes, &walk, length: 1, then: .ciscoHDLC)
    case .frameRelay: FrameRelayHeader.read(bytes, &walk)
    case .frameRelayWithDirection: FixedPrefix.read(bytes, &walk, length: 1, then: .frameRelay)
    case .slip: FixedPrefix.read(bytes, &walk, length: 16, then: .ip)
    case .fddi: FDDIHeader.read(bytes, &walk)
    case .tokenRing: TokenRingHeader.read(bytes, &walk)
    case .wirelessLAN: WirelessHeader.read(bytes, &walk)
    case .wirelessLANSwapped: WirelessHeader.read(bytes, &walk, isSwapped: true)
    case .wirelessSubframe: WirelessHeader.readSubframe(bytes, &walk)
    case .radiotap: RadiotapHeader.read(bytes, &walk)
    case .perPacketInformation: PerPacketInformation.read(bytes, &walk)
    case .prism: PrismHeader.read(bytes, &walk)
    case .avs: PrismHeader.readAVS(bytes, &walk)
    case .arcnet: ARCNETHeader.read(bytes, &walk, typeOffset: 2)
    case .arcnetLinux: ARCNETHeader.read(bytes, &walk, typeOffset: 4)
    case .sunATM: SunATMHeader.read(bytes, &walk)
    case .ipOverInfiniBand: InfiniBandHeader.read(bytes, &walk)
    case .ipOverIEEE1394: FixedTag.read(bytes, &walk, length: 18)
    case .ipOverFibreChannel: FixedPrefix.read(bytes, &walk, length: 16, then: .llc)
    case .netfilterLog: NetfilterLogHeader.read(bytes, &walk)
    case .packetFilterLog: PacketFilterLogHeader.read(bytes, &walk)
    case .openBSDEncapsulation: FixedPrefix.read(bytes, &walk, length: 12, then: .ip)
    case .ipnet: FixedPrefix.read(bytes, &walk, length: 24, then: .ip)
    case .pktap: PKTAPHeader.read(bytes, &walk)

    case .llc: LLCHeader.read(bytes, &walk)
    case .snap: SNAPHeader.read(bytes, &walk)
    case .vlan: VLANTag.read(bytes, &walk, &encapsulations.current)
    case .mpls: MPLSLabel.read(bytes, &walk, &encapsulations.current)
    case .pseudowireControlWord: FixedPrefix.read(bytes, &walk, length: 4, then: .ethernet)
    case .pppoe: PPPoEHeader.read(bytes, &walk, &encapsulations.current)
    case .providerBackbone: BackboneTag.read(bytes, &walk, &encapsulations.current)
    case .fabricPath: FixedPrefix.read(bytes, &walk, length: 2, then: .ethernet)
    case .bridgePortExtension: FixedTag.read(bytes, &walk, length: 8)
    case .vnTag: FixedTag.read(bytes, &walk, length: 6)
    case .hsrTag: FixedTag.read(bytes, &walk, length: 6)

    case .ip: IPHeader.read(bytes, &walk)
    case .hopByHopOptions, .destinationOptions, .mobility, .hostIdentity, .shim6:
      IPv6Extension.read(bytes, &walk, &encapsulations.current)
    case .routing:
      IPv6Extension.readRouting(bytes, &walk, &encapsulations.current, into: &segment)
    case .fragment: IPv6Extension.readFragment(bytes, &walk, &encapsulations.current)
    case .authentication:
      IPv6Extension.readAuthentication(
        bytes, &walk, &encapsulations.current, of: segment.ipVersion)

    case .icmp, .icmpv6: readICMP(bytes, &walk, of: segment)
    case .udp: UDPHeader.read(bytes, &walk)
    case .gre: GREHeader.read(bytes, &walk, &encapsulations.current)
    case .erspan2: ERSPANHeader.readType2(bytes, &walk, &encapsulations.current)
    case .erspan3: ERSPANHeader.readType3(bytes, &walk, &encapsulations.current)
    case .etherIP: FixedPrefix.read(bytes, &walk, length: 2, then: .ethernet)
    case .vxlan: VXLANHeader.read(bytes, &walk, &encapsulations.current, isGeneric: false)
    case .vxlanGPE: VXLANHeader.read(bytes, &walk, &encapsulations.current, isGeneric: true)
    case .geneve: GeneveHeader.read(bytes, &walk, &encapsulations.current)
    case .gtp: GTPHeader.read(bytes, &walk, &encapsulations.current)
    case .teredo: TeredoHeader.read(bytes, &walk, &encapsulations.current)
    case .ayiya: AYIYAHeader.read(bytes, &walk, &encapsulations.current)
    case .capwap: CAPWAPHeader.read(bytes, &walk, &encapsulations.current)
    }
  }

  private mutating func readICMP(
    _ bytes: RawSpan, _ walk: inout Walk, of carrier: Segment
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    error = ICMPMessage.read(bytes, of: carrier)
    guard error != nil else { return .stop(.notTCP) }
    error?.encapsulation = encapsulations.identifyCurrent()
    walk.headerLength = 8
    return .icmpError
  }

  /// Keeps a fragment, and the datagram if that makes it complete.
  @inline(never)
  private mutating func reassemble(
    _ bytes: RawSpan, _ walk: Walk, into segment: inout Segment
  ) -> WalkEnd {
    let key = FragmentKey(
      walk.fragment, of: segment, encapsulation: encapsulations.identifyCurrent())
    let outcome = fragments.insert(
      walk.fragment, bytes, wireLength: walk.wireLength, of: key, at: segment.time)
    switch outcome {
    case .refused: return .other(.malformed)
    case .kept: return .other(.fragment)
    case .completes(let whole):
      // The whole packet has no fragment header any more (RFC 8200 §4.5).
      let fragmentHeaderLength = segment.ipVersion == .v6 ? walk.headerLength : 0
      segment.packetLength =
        segment.packetLength &- UInt32(walk.wireLength + fragmentHeaderLength)
        &+ UInt32(whole.length)
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
