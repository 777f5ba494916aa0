import FlowAnalysis
import PacketCapture
import PacketParser

/// Takes the frames of an interface: for the analysis, for a capture file, and for what may be asked for later.
struct LiveReceiver: FrameReceiver, ~Copyable {
  var analyzer: TraceAnalyzer
  /// The latest frames, where something may ask for them.
  var ring: FrameRing?
  private var writer: CaptureWriter?
  private var framesLeft: Int
  private(set) var frames = 0
  /// Bytes that the frames had on the wire.
  private(set) var wireBytes: UInt64 = 0
  private(set) var latest: Timestamp?
  /// Until when the capture has come, with frames or without.
  private(set) var reached: Timestamp?
  /// Why frames are no longer written.
  private(set) var failure: CaptureWriterError?

  init(
    _ analyzer: consuming TraceAnalyzer, ring: consuming FrameRing?,
    writer: consuming CaptureWriter?, atMost count: Int?
  ) {
    self.analyzer = analyzer
    self.ring = ring
    self.writer = writer
    framesLeft = count ?? .max
  }

  /// As many frames as were wanted have come.
  var hasAll: Bool { framesLeft == 0 }

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    analyzer.ingest(frame, info)
    frames += 1
    wireBytes &+= UInt64(info.wireLength)
    latest = info.time
    reached = max(reached ?? info.time, info.time)
    ring?.append(frame, info)
    write { (writer) throws(CaptureWriterError) in try writer?.write(frame, info) }
    framesLeft -= 1
    return framesLeft == 0 || failure != nil ? .stop : .next
  }

  /// Time passes in which no frame comes.
  mutating func pass(until time: Timestamp) {
    analyzer.pass(until: time)
    reached = max(reached ?? time, time)
    ring?.advance(to: time)
    write { (writer) throws(CaptureWriterError) in try writer?.advance(to: time) }
  }

  /// Hands what is to be written to the system.
  mutating func flushFile() {
    write { (writer) throws(CaptureWriterError) in try writer?.flush() }
  }

  /// Writes what is still to be written.
  mutating func closeFile() {
    write { (writer) throws(CaptureWriterError) in try writer?.flush() }
    writer = nil
  }

  private mutating func write(
    _ body: (inout CaptureWriter?) throws(CaptureWriterError) -> Void
  ) {
    guard failure == nil else { return }
    do throws(CaptureWriterError) { try body(&writer) } catch { failure = error }
  }
}
