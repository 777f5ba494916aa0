public import PacketParser

/// Something that has just become known of many connections together.
public struct CaptureEvent: Sendable {
  /// Until when the capture had come.
  public var time: Timestamp
  public var kind: Kind

  /// What has become known.
  public enum Kind: Sendable {
    /// Many connections together show something, as far as it has come: a scan, a flood.
    case found(CaptureFinding)
    /// What `found` told of does not hold any more.
    case withdrew(CaptureFinding)
  }
}
