public import PacketParser

/// A frame, and when it was captured.
public struct FrameMark: BitwiseCopyable, Sendable {
  /// The frame's number, from 1.
  public var frame: Int
  public var time: Timestamp

  @inlinable
  public init(frame: Int, time: Timestamp) {
    self.frame = frame
    self.time = time
  }

  @inline(__always)
  init(_ segment: Segment) {
    self.init(frame: segment.frame, time: segment.time)
  }
}
