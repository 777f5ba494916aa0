import PacketCapture
import PacketParser
import TraceScript

/// A frame as it arrived, to compare.
struct ReadFrame: Equatable {
  var number: Int
  var nanoseconds: Int64
  var wireLength: Int
  var bytes: [UInt8]
}

extension ReadFrame {
  /// What `frame` should arrive as.
  init(_ frame: CapturedFrame, number: Int) {
    self.number = number
    nanoseconds = Int64(frame.seconds * 1_000_000_000 + frame.nanoseconds)
    wireLength = frame.wireLength
    bytes = frame.bytes
  }

  init(_ frame: RawSpan, _ info: FrameInfo) {
    number = info.number
    nanoseconds = info.time.nanoseconds
    wireLength = info.wireLength
    bytes = (0..<frame.byteCount).map { frame.uint8(at: $0) }
  }
}

func expected(_ frames: some Sequence<CapturedFrame>) -> [ReadFrame] {
  frames.enumerated().map { ReadFrame($1, number: $0 + 1) }
}

/// Everything that the capture at `path` gives, and what reading it ended with.
func readCapture(_ path: String, filter: String? = nil) -> (
  frames: [ReadFrame], error: CaptureError?
) {
  var frames: [ReadFrame] = []
  do throws(CaptureError) {
    var file = try CaptureFile(path: path)
    if let filter { try file.setFilter(filter) }
    try file.forEachFrame { frame, info in frames.append(ReadFrame(frame, info)) }
    return (frames, nil)
  } catch {
    return (frames, error)
  }
}

/// The same of a capture that stands in a file only for that time.
func readCapture(_ bytes: [UInt8]) throws -> (frames: [ReadFrame], error: CaptureError?) {
  let folder = try TemporaryFolder()
  return readCapture(try folder.file("trace", bytes))
}

/// The mistakes that a damaged capture reports, without the path.
extension CaptureError {
  var damage: CaptureDamage? {
    guard case .damaged(var damage) = self else { return nil }
    damage.path = ""
    return damage
  }
}

/// Frames of different lengths and times, each with other bytes.
func frames(_ count: Int) -> [CapturedFrame] {
  (0..<count).map { index in
    CapturedFrame(
      seconds: 1_700_000_000 + index, nanoseconds: index * 1000,
      [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 20 + index % 7),
      wireLength: 60 + index % 11)
  }
}

/// An Ethernet frame with an IPv4 header and two ports, enough for a filter to look at.
func ethernetFrame(ipProtocol: UInt8, port: UInt8) -> CapturedFrame {
  CapturedFrame(
    bytes("000000000001 000000000002 0800 45000028 00004000 40")
      + [ipProtocol] + bytes("0000 c0000201 c0000202 d431 00") + [port]
      + [UInt8](repeating: 0, count: 16))
}
