import CTraceGenerator
import Foundation
import PacketCapture
import PacketParser
import TraceScript

@testable import Benchmarks

/// A synthetic capture of a few packets, and what is in it.
struct GeneratedCapture {
  var totals: trace_totals
  var bytes: [UInt8]
  /// The captured bytes of each frame.
  var frames: [[UInt8]] = []
  var segments: [Segment] = []

  /// `options` are those of `Benchmarks generate`.
  init(_ options: String) throws {
    let folder = try TemporaryFolder()
    let file = TraceFile(path: folder.path + "/trace.pcap")
    let words = options.split(separator: " ").map(String.init)
    totals = try file.generate(ShapeOption.shape(from: words[...]))
    bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
    var reader = Reader()
    var capture = try CaptureFile(path: file.path)
    try capture.forEachFrame(&reader)
    (frames, segments) = (reader.frames, reader.segments)
  }

  private struct Reader: FrameReceiver, ~Copyable {
    var decoder = FrameDecoder(linkType: .ethernet)
    var frames: [[UInt8]] = []
    var segments: [Segment] = []

    mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
      frames.append((0..<frame.byteCount).map { frame.uint8(at: $0) })
      var segment = Segment()
      _ = decoder.decode(frame, info, into: &segment)
      segments.append(segment)
      return .next
    }
  }

  /// The segments with data, by who sent them to whom, in the order of the capture.
  var dataByDirection: [[Segment]] {
    let data = segments.filter { $0.payloadLength > 0 }
    let directions = Dictionary(grouping: data) { "\($0.source) > \($0.destination)" }
    return directions.keys.sorted().compactMap { directions[$0] }
  }
}
