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
  ///   - walk: Where it stands and how long it is.
  mutating func passed(_ kind: HeaderKind, _ bytes: RawSpan, _ walk: Walk)
}

/// The observer of the hot path, which costs nothing.
private struct SilentObserver: HeaderObserver {
  @inline(__always)
  mutating func passed(_ kind: HeaderKind, _ bytes: RawSpan, _ walk: Walk) {}
}

extension FrameDecoder {
  @inline(__always)
  private mutating func decode(
    _ frame: RawSpan, _ info: FrameInfo, into segment: inout Segment,
    telling observer: inout some HeaderObserver
  ) -> DecodedFrame {
    segment.frame = info.number
    segment.time = info.time
    encapsulations.current.clear()
    // Damaged files claim wire lengths below what they hold, and absurd ones.
    let wireLength = max(frame.byteCount, min(info.wireLength, Int(UInt32.max)))
    return follow(
      firstHeader, frame, Walk(wireLength: wireLength), into: &segment, telling: &observer)
  }

  /// Walks from the header `first` inward until something ends the walk.
  private mutating func follow(
    _ first: HeaderKind, _ bytes: RawSpan, _ start: Walk, into segment: inout Segment,
    telling observer: inout some HeaderObserver
  ) -> DecodedFrame {
    var kind = first
    var rest = bytes
    var walk = start

    while true {
      let step: Step
      switch kind {
      case .ethernet: step = EthernetHeader.read(rest, &walk)
      case .ipv4: step = IPv4Header.read(rest, &walk, &encapsulations.current, into: &segment)
      case .ipv6: step = IPv6Header.read(rest, &walk, &encapsulations.current, into: &segment)
      case .tcp:
        step = TCPHeader.read(
          rest, &walk, verifyingChecksum: verifiesChecksums, into: &segment)
      case .icmp, .icmpv6:
        guard var error = ICMPMessage.read(rest, of: segment) else { return .other(.notTCP) }
        error.encapsulation = encapsulations.identifyCurrent()
        observer.passed(kind, rest, walk)
        return .icmpError(error)
      default:
        step = readUncommon(kind, rest, &walk, into: &segment)
      }

      if case .stop(let fate) = step {
        return .other(fate == .notIP && walk.isInsideIP ? .notTCP : fate)
      }
      observer.passed(kind, rest, walk)
      if case .segment = step {
        segment.encapsulation = encapsulations.identifyCurrent()
        return .segment
      }

      rest = rest.extracting(walk.headerLength..<min(rest.byteCount, walk.wireLength))
      walk.wireLength &-= walk.headerLength
      walk.offset &+= walk.headerLength
      guard case .next(let next) = step else {
        return reassemble(rest, walk, into: &segment, telling: &observer)
      }
      kind = next
    }
  }

  /// Reads a header that most frames do not have.
  @inline(never)
  private mutating func readUncommon(
    _ kind: HeaderKind, _ bytes: RawSpan, _ walk: inout Walk, into segment: inout Segment
  ) -> Step {
    switch kind {
    case .ethernet, .ipv4, .ipv6, .tcp, .icmp, .icmpv6:
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
    }
  }

  /// Keeps a fragment, and goes on into the datagram if that makes it complete.
  @inline(never)
  private mutating func reassemble(
    _ bytes: RawSpan, _ walk: Walk, into segment: inout Segment,
    telling observer: inout some HeaderObserver
  ) -> DecodedFrame {
    let key = FragmentKey(
      walk.fragment, of: segment, encapsulation: encapsulations.identifyCurrent())
    let outcome = fragments.insert(
      walk.fragment, bytes, wireLength: walk.wireLength, of: key, at: segment.time)
    switch outcome {
    case .refused: return .other(.malformed)
    case .kept: return .other(.fragment)
    case .completes(let datagram):
      // Datagrams within datagrams: each level takes a call, so there must be few.
      guard walk.reassemblies < Self.layerLimit else { return .other(.nestedTooDeep) }
      var inner = Walk(wireLength: datagram.length)
      inner.reassemblies = walk.reassemblies + 1
      inner.traits = walk.traits.union(.reassembled)
      segment.packetLength =
        segment.packetLength &- UInt32(walk.wireLength) &+ UInt32(datagram.length)
      let step = IPProtocol.step(
        into: datagram.nextHeader, of: segment.ipVersion, &encapsulations.current)
      guard case .next(let next) = step else { return .other(.notTCP) }
      return withBytes(of: datagram.bytes) { bytes in
        follow(next, bytes, inner, into: &segment, telling: &observer)
      }
    }
  }
}
