/// What a capture file says of all its frames.
public struct CaptureFormat: Equatable, Sendable {
  /// The link-layer header type as libpcap numbers it (a `DLT_` value).
  public var linkTypeNumber: Int32
  /// The most bytes of a frame that were kept.
  public var snapLength: Int
  /// Whether times are kept to the nanosecond; else to the microsecond.
  public var hasNanoseconds: Bool

  public init(linkTypeNumber: Int32, snapLength: Int, hasNanoseconds: Bool = true) {
    self.linkTypeNumber = linkTypeNumber
    self.snapLength = snapLength
    self.hasNanoseconds = hasNanoseconds
  }
}
