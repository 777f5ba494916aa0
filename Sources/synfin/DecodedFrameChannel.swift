import PacketCapture
import PacketParser

/// The way of decoded frames from the thread that reads a capture to the one that takes them in.
///
/// There are a few batches, which go round: who is ahead waits for the other, so that memory stays what it
/// is, and in the cache.
final class DecodedFrameChannel: Sendable {
  private static let batches = 4
  private static let framesPerBatch = 512

  private let state: Monitor<State>

  init() {
    state = Monitor(
      State(
        empty: (0..<Self.batches).map { _ in
          Batch(DecodedFrames(capacity: Self.framesPerBatch))
        }))
  }

  // MARK: - Who reads

  /// A batch to fill, when there is one.
  func takeEmpty() -> DecodedFrames {
    state.wait { $0.empty.popLast() }.take()
  }

  func put(full frames: consuming DecodedFrames) {
    let batch = Batch(frames)
    state.with { $0.full.append(batch) }
  }

  /// No more frames come.
  func end() {
    state.with { $0.hasEnded = true }
  }

  // MARK: - Who takes in

  /// Calls `body` with each batch, in order, until no more come.
  func forEach(_ body: (borrowing DecodedFrames) -> Void) {
    while let batch = state.wait(for: { $0.next() }) {
      var frames = batch.take()
      body(frames)
      frames.removeAll()
      let emptied = Batch(frames)
      state.with { $0.empty.append(emptied) }
    }
  }
}

private struct State {
  var empty: [Batch]
  /// The first one is the next to be taken in.
  var full: [Batch] = []
  var hasEnded = false

  /// The next batch, or that there is none; `nil` as long as neither is known.
  mutating func next() -> Batch?? {
    if !full.isEmpty { return .some(full.removeFirst()) }
    return hasEnded ? .some(nil) : nil
  }
}

/// A batch, which one thread at a time has: an array can hold this, and not the frames themselves.
private final class Batch: @unchecked Sendable {
  private var frames: DecodedFrames?

  init(_ frames: consuming DecodedFrames) {
    self.frames = consume frames
  }

  /// The frames; only once.
  func take() -> DecodedFrames {
    guard let frames = frames.take() else { preconditionFailure("a batch has one owner") }
    return frames
  }
}

/// Decodes every frame, for another thread to take in.
struct DecodingReceiver: FrameReceiver, ~Copyable {
  private var decoder: FrameDecoder
  private var frames: DecodedFrames
  private let channel: DecodedFrameChannel

  init(linkType: LinkType, into channel: DecodedFrameChannel) {
    decoder = FrameDecoder(linkType: linkType)
    frames = channel.takeEmpty()
    self.channel = channel
  }

  @inline(__always)
  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    frames.append(frame, info, by: &decoder)
    if frames.isFull { handOver() }
    return .next
  }

  @inline(never)
  private mutating func handOver() {
    frames.close(by: decoder)
    var others = channel.takeEmpty()
    swap(&frames, &others)
    channel.put(full: others)
  }

  /// Hands over what is left, after the last frame.
  ///
  /// - Returns: What the decoder has given up.
  consuming func finish() -> IncompleteDatagrams {
    frames.close(by: decoder)
    channel.put(full: frames)
    channel.end()
    return decoder.finish()
  }
}
