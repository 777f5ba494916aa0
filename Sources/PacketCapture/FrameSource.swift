public import PacketParser

/// Where frames come from: a capture file, or an interface.
public protocol FrameSource: ~Copyable {
  /// The link-layer header type as libpcap numbers it (a `DLT_` value); `LinkType(number:)` knows
  /// the ones that can be decoded.
  var linkTypeNumber: Int32 { get }
}
