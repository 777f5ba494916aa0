public import FlowTracker
public import PacketParser

/// Looks at every segment of a capture, beside the sink that gets what they come to.
///
/// It is called on the thread that analyzes the capture, in the order of the capture.
public protocol SegmentReceiver {
  /// A segment was taken in.
  ///
  /// - Parameters:
  ///   - segment: What the frame holds.
  ///   - sender: The end that sent it.
  ///   - connection: The number of the connection that it was counted to. A SYN that begins another one
  ///     may be counted to the one before: that shows only later.
  mutating func take(_ segment: Segment, from sender: Side, of connection: Int)
}
