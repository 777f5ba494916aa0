import FlowAnalysis
import PacketCapture
import PacketParser

/// Reads captures to their ends, and keeps what was read of those that have none.
struct CaptureReading {
  /// How many frames are read before the progress line and the output are looked at.
  private static let frameStride = 1 << 16

  var filter: String?
  var showsProgress: Bool

  /// Analyzes one capture into `sink`.
  ///
  /// - Parameter isCancelled: Asked now and then: nobody wants the results any more.
  /// - Returns: Whether the capture was read to its end.
  /// - Throws: `CaptureError` or `UnsupportedLinkType` if nothing of the capture can be read.
  func analyze(
    _ path: String, labelsFrames: Bool, into sink: any AnalysisSink, isCancelled: () -> Bool
  ) throws -> Bool {
    var (file, linkType) = try open(path)
    var receiver = AnalyzingReceiver(
      TraceAnalyzer(
        linkType: linkType, capture: path, labelsFrames: labelsFrames, sink: sink))
    var failure: CaptureError?
    do {
      try read(&file, into: &receiver, isCancelled: isCancelled)
    } catch {
      failure = error
    }
    _ = receiver.analyzer.finish(
      framesFiltered: file.framesSkippedByFilter, error: failure?.description)
    if let failure { Diagnostics.error(failure) }
    return failure == nil
  }

  /// Opens a capture whose frames can be decoded.
  func open(_ path: String) throws -> (CaptureFile, LinkType) {
    var file = try CaptureFile(path: path)
    guard let linkType = LinkType(number: file.linkTypeNumber) else {
      throw UnsupportedLinkType(
        path: path, number: file.linkTypeNumber, description: file.linkTypeDescription)
    }
    if let filter { try file.setFilter(filter) }
    return (file, linkType)
  }

  private func read<Receiver: FrameReceiver & ~Copyable>(
    _ file: inout CaptureFile, into receiver: inout Receiver, isCancelled: () -> Bool
  ) throws(CaptureError) {
    var progress = ProgressLine(isShown: showsProgress, name: file.path)
    defer { progress.clear() }
    while try file.readFrames(atMost: Self.frameStride, into: &receiver) == .limit {
      if isCancelled() { return }
      progress.update(
        frames: file.framesRead, bytes: file.bytesConsumed, totalBytes: file.byteCount)
    }
  }
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

/// A capture of frames that cannot be decoded.
struct UnsupportedLinkType: Error, CustomStringConvertible {
  var path: String
  var number: Int32
  var description: String

  init(path: String, number: Int32, description linkType: String) {
    self.path = path
    self.number = number
    let supported = LinkType.allCases.map(\.name).joined(separator: ", ")
    description = """
      cannot read '\(path)': its frames are \(linkType) (link type \(number))
        Supported: \(supported).
      """
  }
}
