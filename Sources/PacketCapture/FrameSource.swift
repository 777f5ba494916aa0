public import PacketParser

/// Takes frames as they are read.
///
/// The bytes are lent until `receive` returns. Nothing on the way to it counts references or waits for an
/// actor; a conforming type that wants the speed should be a struct without classes on its road.
public protocol FrameReceiver: ~Copyable {
  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand
}

/// Whether the receiver of a frame wants the next one.
public enum FrameDemand: Sendable, BitwiseCopyable {
  case next
  case stop
}

/// Why reading paused.
public enum ReadingPause: Sendable, BitwiseCopyable {
  /// As many frames were read as had been asked for.
  case limit
  /// The receiver wanted no more.
  case stopped
  /// There are no more frames.
  case end
}

/// Where frames come from until there are no more: a capture file.
///
/// An interface has no end, but may have nothing for a while: a `LiveCapture` reads into the same receivers.
public protocol FrameSource: ~Copyable {
  /// The link-layer header type as libpcap numbers it (a `DLT_` value); `LinkType(number:)` knows
  /// the ones that can be decoded.
  var linkTypeNumber: Int32 { get }

  /// Reads up to `limit` frames into `receiver`, going on where the last call left off.
  ///
  /// Frames that a filter hides count towards the limit, so that a caller who shows progress between the
  /// calls is never kept waiting.
  mutating func readFrames<Receiver: FrameReceiver & ~Copyable>(
    atMost limit: Int, into receiver: inout Receiver
  ) throws(CaptureError) -> ReadingPause
}

extension FrameSource where Self: ~Copyable {
  /// Reads every frame that is left, unless `receiver` stops before.
  public mutating func forEachFrame<Receiver: FrameReceiver & ~Copyable>(
    _ receiver: inout Receiver
  ) throws(CaptureError) {
    _ = try readFrames(atMost: .max, into: &receiver)
  }

  /// Calls `body` with every frame that is left and what the capture says of it.
  public mutating func forEachFrame(
    _ body: (_ frame: RawSpan, _ info: FrameInfo) -> Void
  ) throws(CaptureError) {
    try withoutActuallyEscaping(body) { (body) throws(CaptureError) in
      var receiver = ClosureReceiver(body: body)
      try forEachFrame(&receiver)
    }
  }
}

private struct ClosureReceiver: FrameReceiver {
  let body: (RawSpan, FrameInfo) -> Void

  func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    body(frame, info)
    return .next
  }
}
