import FlowAnalysis
import FlowTracker
import PacketCapture
import PacketParser

/// Reads captures to their ends, and keeps what was read of those that have none.
struct CaptureReading {
  /// How many frames are read before the progress line and the output are looked at.
  private static let frameStride = 1 << 16

  var filter: String?
  var limits = TrackerLimits()
  var showsProgress: Bool
  /// Whether a capture is read and decoded on one thread and taken in on another.
  var usesTwoThreads = false

  /// Analyzes one capture into `sink`.
  ///
  /// - Parameters:
  ///   - path: The capture; "-" is standard input.
  ///   - labelsFrames: Whether the remarkable frames are named.
  ///   - measuresRoundTrips: Whether reports tell how long payload took to be acknowledged.
  ///   - ladder: Which connection's segments are kept, if any.
  ///   - segments: Who looks at every segment, if anybody does.
  ///   - sink: Where the results go.
  ///   - isCancelled: Asked now and then: nobody wants the results any more.
  ///   - mayShowProgress: Asked now and then: nobody else is using the terminal.
  /// - Returns: What the capture came to; its `error` is `nil` if all of it was read and decoded.
  /// - Throws: `CaptureError.filter` if the filter is at fault.
  func analyze(
    _ path: String, labelsFrames: Bool, measuresRoundTrips: Bool, ladder: LadderRequest? = nil,
    segments: (any SegmentReceiver)? = nil, into sink: inout any AnalysisSink,
    isCancelled: () -> Bool, mayShowProgress: () -> Bool = { true }
  ) throws(CaptureError) -> TraceSummary {
    var file: CaptureFile
    do {
      file = try CaptureFile(path: path)
    } catch {
      return giveUp(path, error, &sink)
    }
    if let filter { try file.setFilter(filter) }
    guard let linkType = LinkType(number: file.linkTypeNumber) else {
      return count(&file, &sink, isCancelled, mayShowProgress)
    }
    let settings = AnalyzerSettings(
      linkType: linkType, capture: path, limits: limits, labelsFrames: labelsFrames,
      ladder: ladder, measuresRoundTrips: measuresRoundTrips, segments: segments, sink: sink)
    if usesTwoThreads,
      let summary = analyzeBeside(&file, settings, isCancelled, mayShowProgress)
    {
      return summary
    }
    var receiver = AnalyzingReceiver(settings.analyzer())
    let failure = read(&file, into: &receiver, isCancelled, mayShowProgress)
    return receiver.analyzer.finish(
      framesFiltered: file.framesSkippedByFilter, error: failure?.description)
  }

  /// Reads and decodes a capture on this thread, and takes it in on another.
  ///
  /// - Returns: What it came to; `nil` where there is no other thread, and nothing was read.
  private func analyzeBeside(
    _ file: inout CaptureFile, _ settings: AnalyzerSettings, _ isCancelled: () -> Bool,
    _ mayShowProgress: () -> Bool
  ) -> TraceSummary? {
    let channel = DecodedFrameChannel()
    let ending = Monitor<ReadingEnd?>(nil)
    let result = Monitor<TraceSummary?>(nil)
    let hasRun = Threads.run(
      beside: {
        var analyzer = settings.analyzer()
        channel.forEach { analyzer.ingest($0) }
        let end = ending.wait { $0 }
        let summary = analyzer.finish(
          framesFiltered: end.framesFiltered, error: end.error, incomplete: end.incomplete)
        result.with { $0 = summary }
      },
      {
        var receiver = DecodingReceiver(linkType: settings.linkType, into: channel)
        let failure = read(&file, into: &receiver, isCancelled, mayShowProgress)
        let end = ReadingEnd(
          framesFiltered: file.framesSkippedByFilter, error: failure?.description,
          incomplete: receiver.finish())
        ending.with { $0 = end }
      })
    return hasRun ? result.wait { $0 } : nil
  }

  /// Reports a capture of which nothing can be read.
  func giveUp(
    _ path: String, _ error: some CustomStringConvertible, _ sink: inout any AnalysisSink
  ) -> TraceSummary {
    end(TraceSummary(capture: path, linkType: nil), error, &sink)
  }

  /// Counts the frames of a capture that cannot be decoded.
  private func count(
    _ file: inout CaptureFile, _ sink: inout any AnalysisSink, _ isCancelled: () -> Bool,
    _ mayShowProgress: () -> Bool
  ) -> TraceSummary {
    var receiver = CountingReceiver()
    // The link type is the greater trouble; where the file is damaged too does not matter then.
    _ = read(&file, into: &receiver, isCancelled, mayShowProgress)
    var summary = TraceSummary(capture: file.path, linkType: file.linkTypeDescription)
    summary.framesRead = file.framesRead
    summary.framesFiltered = file.framesSkippedByFilter
    summary.framesByFate[Int(FrameFate.unsupportedLink.rawValue)] = receiver.frames
    return end(summary, UnsupportedLinkType(file), &sink)
  }

  private func end(
    _ summary: TraceSummary, _ error: some CustomStringConvertible,
    _ sink: inout any AnalysisSink
  ) -> TraceSummary {
    var summary = summary
    summary.error = error.description
    sink.captureEnded(summary)
    return summary
  }

  /// Reads a capture as far as that is possible.
  ///
  /// - Returns: Why it could not be read to its end, if so.
  private func read<Receiver: FrameReceiver & ~Copyable>(
    _ file: inout CaptureFile, into receiver: inout Receiver, _ isCancelled: () -> Bool,
    _ mayShowProgress: () -> Bool
  ) -> CaptureError? {
    var progress = ProgressLine(isShown: showsProgress, name: file.path)
    defer { progress.clear() }
    do {
      while try file.readFrames(atMost: Self.frameStride, into: &receiver) == .limit {
        if isCancelled() { return nil }
        guard mayShowProgress() else { continue }
        progress.update(
          frames: file.framesRead, bytes: file.bytesConsumed, totalBytes: file.byteCount)
      }
      return nil
    } catch {
      return error
    }
  }
}

/// What an analyzer is made from, on the thread that has it.
///
/// One thread at a time uses the sink: the one that makes the analyzer, until that has finished.
private struct AnalyzerSettings: @unchecked Sendable {
  var linkType: LinkType
  var capture: String
  var limits: TrackerLimits
  var labelsFrames: Bool
  var ladder: LadderRequest?
  var measuresRoundTrips: Bool
  var segments: (any SegmentReceiver)?
  var sink: any AnalysisSink

  func analyzer() -> TraceAnalyzer {
    TraceAnalyzer(
      linkType: linkType, capture: capture, limits: limits, labelsFrames: labelsFrames,
      ladder: ladder, measuresRoundTrips: measuresRoundTrips, segments: segments, sink: sink)
  }
}

/// What is known when a capture was read to its end, or as far as it could be.
private struct ReadingEnd: Sendable {
  var framesFiltered: Int
  var error: String?
  var incomplete: IncompleteDatagrams
}

/// Hands every frame to an analyzer.
private struct AnalyzingReceiver: FrameReceiver, ~Copyable {
  var analyzer: TraceAnalyzer

  init(_ analyzer: consuming TraceAnalyzer) {
    self.analyzer = analyzer
  }

  @inline(__always)
  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    analyzer.ingest(frame, info)
    return .next
  }
}

private struct CountingReceiver: FrameReceiver {
  var frames = 0

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    frames += 1
    return .next
  }
}

/// A capture of frames that cannot be decoded.
struct UnsupportedLinkType: Error, CustomStringConvertible {
  let description: String

  init(_ file: borrowing CaptureFile) {
    self.init(file.path, "\(file.linkTypeDescription) (link type \(file.linkTypeNumber))")
  }

  init(_ capture: borrowing LiveCapture) {
    self.init(capture.interface, "\(capture.linkTypeName) (link type \(capture.linkTypeNumber))")
  }

  private init(_ name: String, _ frames: String) {
    description = "cannot read '\(name)': its frames are \(frames)\n\(Self.supported)"
  }

  /// The link types that can be decoded, in lines that a terminal of 80 columns holds.
  private static var supported: String {
    var lines: [String] = []
    var line = "  Supported:"
    for (index, linkType) in LinkType.allCases.enumerated() {
      let word = linkType.name + (index + 1 < LinkType.allCases.count ? "," : ".")
      if line.count + 1 + word.count > 80 {
        lines.append(line)
        line = "   "
      }
      line += " " + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
