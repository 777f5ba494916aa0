/// How an interface is captured on.
public struct LiveCaptureSettings: Equatable, Sendable {
  /// The most bytes of a frame that are kept; 0 keeps as many as libpcap ever does, 256 KiB.
  ///
  /// 256 hold the headers of a TCP segment with all its options, also behind tags and a tunnel: at most
  /// 210 of Ethernet, two tags, IPv6 with an extension, UDP, GTP, IPv6 and TCP. The kernel copies no
  /// more, so that its buffer holds so many more frames.
  public var snapLength = 256
  /// Whether the interface is to take frames that are for others, too; `any` cannot.
  public var isPromiscuous = true
  /// What the kernel may hold until it is read, in bytes.
  public var bufferBytes = 32 << 20
  /// Whether every frame is handed over as it comes.
  ///
  /// That is a wake-up for each, and the buffer holds fewer.
  public var isImmediate = false
  /// How long frames may gather before they are handed over, in milliseconds, unless that is immediate.
  public var gatheringMilliseconds = 100
  /// Who stamps the frames, by libpcap's name: `host`, `adapter` and so on (pcap-tstamp(7)); `nil` leaves
  /// that to libpcap.
  public var timestampType: String?
  public var direction = Direction.both
  /// What the kernel is to keep, in the language of pcap-filter(7); `nil` keeps everything.
  public var filter: String?

  /// Which way frames go, as the host sees it.
  public enum Direction: String, CaseIterable, Sendable {
    case both
    case incoming = "in"
    case outgoing = "out"
  }

  public init() {}
}
