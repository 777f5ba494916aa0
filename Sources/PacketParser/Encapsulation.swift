/// One layer between the link layer and the IP header that carries the segment.
public enum EncapsulationLayer: Hashable, Sendable, BitwiseCopyable {
  /// An 802.1Q, 802.1ad or older tag: the VLAN identifier.
  case vlan(UInt16)
  /// An 802.1ah backbone service instance: its I-SID.
  case backbone(service: UInt32)
  /// The label of an MPLS stack entry (RFC 3032).
  case mpls(UInt32)
  /// A PPPoE session (RFC 2516).
  case pppoe(session: UInt16)
  /// IP in IP: the outer header's version.
  case ip(IPVersion)
  /// GRE, with its key when it has one (RFC 2890).
  case gre(key: UInt32?)
  /// ERSPAN: the session that mirrored the frame.
  case erspan(session: UInt16)
  /// VXLAN (RFC 7348): the network identifier.
  case vxlan(network: UInt32)
  /// Geneve (RFC 8926): the network identifier.
  case geneve(network: UInt32)
  /// GTP-U (3GPP TS 29.281): the tunnel endpoint identifier.
  case gtp(tunnel: UInt32)
  /// Teredo (RFC 4380).
  case teredo
  /// AYIYA (draft-massar-v6ops-ayiya).
  case ayiya
  /// CAPWAP (RFC 5415): what an access point carries for its radio clients.
  case capwap
}

/// A short name for a stack of `EncapsulationLayer`s, given by the `FrameDecoder` that met it.
public struct EncapsulationID: Hashable, Sendable, BitwiseCopyable {
  public var rawValue: UInt16

  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The frame was not wrapped in anything.
  public static var none: EncapsulationID { EncapsulationID(rawValue: 0) }
  /// All stacks met after the decoder's table of names was full.
  public static var other: EncapsulationID { EncapsulationID(rawValue: .max) }
}
