/// What became of a frame.
///
/// Each frame has one fate, so the counts add up to the frames read. The raw value indexes counters;
/// the name is the one in the summary's `by_fate`.
public enum FrameFate: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// It holds a TCP segment (or completes one that came in fragments).
  case tcp
  /// Its link layer carries something else than IP: ARP, spanning tree, encrypted 802.11 …
  case notIP
  /// IP that carries something else than TCP and no tunnel that synfin follows.
  case notTCP
  /// A part of an IP datagram of which other parts are still missing, or of a frame that the link
  /// layer itself cut up.
  case fragment
  /// Captured too short for its headers (the snap length).
  case truncated
  /// A header contradicts itself or the frame: a length below the minimum, a wrong version.
  case malformed
  /// More tunnels within tunnels than `FrameDecoder.layerLimit` allows.
  case nestedTooDeep
  /// The link type of the capture cannot be decoded.
  case unsupportedLink

  public var name: String {
    switch self {
    case .tcp: "tcp"
    case .notIP: "not-ip"
    case .notTCP: "not-tcp"
    case .fragment: "fragment"
    case .truncated: "truncated"
    case .malformed: "malformed"
    case .nestedTooDeep: "nested-too-deep"
    case .unsupportedLink: "unsupported-link"
    }
  }
}
