/// What the capture says of a frame beside its bytes.
public struct FrameInfo: BitwiseCopyable, Sendable {
  /// The frame's place in the capture, from 1: every frame counts, as Wireshark numbers them.
  public var number: Int
  public var time: Timestamp
  /// Bytes the frame had on the wire; those captured may be fewer (the snap length).
  public var wireLength: Int

  public init(number: Int, time: Timestamp, wireLength: Int) {
    self.number = number
    self.time = time
    self.wireLength = wireLength
  }
}
