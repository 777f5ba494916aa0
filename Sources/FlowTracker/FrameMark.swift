public import PacketParser

/// A frame, and when it was captured.
public struct FrameMark: BitwiseCopyable, Sendable {
  /// The frame's number, from 1.
  public var frame: Int
  public var time: Timestamp

  public init(frame: Int, time: Timestamp) {
    self.frame = frame
    self.time = time
  }

  @inline(__always)
  init(_ segment: Segment) {
    self.init(frame: segment.frame, time: segment.time)
  }
}

/// A frame that may not have come, in the room of one that has: no frame has the number 0.
@propertyWrapper
public struct OptionalMark: BitwiseCopyable, Sendable {
  private var mark = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))

  public init() {}

  public internal(set) var wrappedValue: FrameMark? {
    get { mark.frame == 0 ? nil : mark }
    set { mark = newValue ?? FrameMark(frame: 0, time: Timestamp(nanoseconds: 0)) }
  }
}
