import PacketCapture
import PacketParser

/// Captures on an interface in a process of its own, which tests put into a network or kill.
///
///     CaptureTool INTERFACE [filter=…] [direction=in|out] [snap=BYTES] [buffer=BYTES] [write=PATH]
///         [count=FRAMES] [seconds=…]
///
/// What happens is told on standard output, a line each; the last one begins with `end`.
@main
struct CaptureTool {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    var options: [Substring: Substring] = [:]
    for argument in arguments.dropFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { options[parts[0]] = parts[1] }
    }
    do {
      try capture(on: arguments.first ?? "", options)
    } catch {
      say("end: \(error)")
    }
  }

  private static func capture(
    on interface: String, _ options: [Substring: Substring]
  ) throws {
    var settings = LiveCaptureSettings()
    settings.filter = options["filter"].map(String.init)
    settings.direction = options["direction"].flatMap { .init(rawValue: String($0)) } ?? .both
    if let length = options["snap"].flatMap({ Int($0) }) { settings.snapLength = length }
    if let bytes = options["buffer"].flatMap({ Int($0) }) { settings.bufferBytes = bytes }
    settings.gatheringMilliseconds = 10
    var capture = try LiveCapture(interface: interface, settings: settings)
    var receiver = Recorder(limit: options["count"].flatMap { Int($0) } ?? .max)
    if let path = options["write"] {
      receiver.writer = try CaptureWriter(
        path: String(path), format: capture.format, startingAt: Timestamp(nanoseconds: 0))
    }
    if let warning = capture.warning { say("warning: \(warning)") }
    say("ready: \(capture.linkTypeName), \(capture.snapLength) bytes")
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(options["seconds"].flatMap { Int($0) } ?? 60))
    reading: while clock.now < end {
      switch try capture.readFrames(atMost: 100, waitingAtMost: 100, into: &receiver) {
      case .frames, .timeout, .woken: continue
      case .interfaceDown: say("interface down")
      case .stopped: break reading
      }
    }
    if let failure = receiver.failure { throw failure }
    let statistics = capture.statistics()
    say(
      "end: frames \(receiver.frames), captured \(receiver.captured), on the wire \(receiver.wire), "
        + "received \(statistics.received), dropped \(statistics.droppedByKernel)")
  }

  /// Tells a line at once: whoever waits for it reads a file.
  private static func say(_ line: String) {
    StandardOutput.write(line + "\n")
  }
}

/// Counts frames, and writes them if they are to be written.
private struct Recorder: FrameReceiver, ~Copyable {
  let limit: Int
  var writer: CaptureWriter?
  private(set) var failure: CaptureWriterError?
  private(set) var frames = 0
  private(set) var captured = 0
  private(set) var wire = 0

  init(limit: Int) {
    self.limit = limit
  }

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    frames += 1
    captured += frame.byteCount
    wire += info.wireLength
    do throws(CaptureWriterError) {
      try writer?.write(frame, info)
    } catch {
      failure = error
      return .stop
    }
    return frames < limit ? .next : .stop
  }
}
