/// Ends a wait of `LiveCapture.readFrames`, from any thread.
public final class CaptureWaker: Sendable {
  let pipe: WakePipe

  init?() {
    guard let pipe = WakePipe() else { return nil }
    self.pipe = pipe
  }

  /// Ends the wait that is going on, or the next one.
  public func wake() {
    pipe.wake()
  }

  /// What a signal handler writes a byte into to wake the capture: write(2) is allowed there, calling Swift is not.
  public var descriptor: Int32 { pipe.writeEnd }
}
