import FlowAnalysis
import FlowTracker
import PacketParser
import TraceChecks
import TraceScript

/// The frames of a conversation at the client (A), and what the network makes of them until the server (B),
/// or until the client.
///
/// Both are numbered as the script has them, from 1.
struct TwoPlaces {
  /// What happens to a frame on its way to the place that it comes to last.
  enum Mishap {
    case lost
    /// It comes again, so much later.
    case copied(after: Int64)
    case delayed(by: Int64)
    /// It comes as these instead.
    case replaced([CapturedFrame])
    /// It was not sent, but made on the way.
    case injected
  }

  /// How long the way takes, and how much the clock at the server is ahead.
  static let way: Int64 = 5_000_000
  static let clockOffset: Int64 = 2_000_000_000

  let a: [CapturedFrame]
  let b: [CapturedFrame]

  /// - Parameters:
  ///   - near: The conversation at the client.
  ///   - far: The same with what is rewritten on the way, where anything is.
  ///   - mishaps: What happens, by the number of the frame in the script.
  init(_ near: Script, far: Script? = nil, _ mishaps: [Int: Mishap] = [:]) {
    var (a, b): ([Frame], [Frame]) = ([], [])
    let rewritten = (far ?? near).lines.compactMap(\.frame)
    for (index, scripted) in near.lines.compactMap(\.frame).enumerated() {
      let isFromClient = scripted.segment.source.port != ScriptSettings().serverPort
      // The script tells when frames come by the client; what comes from the server was there before.
      let time = scripted.segment.time.nanoseconds
      let atServer = time + (isFromClient ? Self.way : -Self.way) + Self.clockOffset
      let (atA, atB) = (scripted.captured, rewritten[index].captured)
      func arrive(_ frame: CapturedFrame? = nil, late delay: Int64 = 0) {
        if isFromClient {
          b.append(Frame(time: atServer + delay, frame ?? atB))
        } else {
          a.append(Frame(time: time + delay, frame ?? atA))
        }
      }
      let mishap = mishaps[index + 1]
      if case .injected = mishap {
      } else if isFromClient {
        a.append(Frame(time: time, atA))
      } else {
        b.append(Frame(time: atServer, atB))
      }
      switch mishap {
      case .lost: break
      case .copied(let delay):
        arrive()
        arrive(late: delay)
      case .delayed(let delay): arrive(late: delay)
      case .replaced(let frames):
        for (index, frame) in frames.enumerated() { arrive(frame, late: Int64(index)) }
      case .injected, nil: arrive()
      }
    }
    (self.a, self.b) = (Self.captured(a), Self.captured(b))
  }

  private struct Frame {
    var time: Int64
    var frame: CapturedFrame

    init(time: Int64, _ frame: CapturedFrame) {
      (self.time, self.frame) = (time, frame)
    }
  }

  private static func captured(_ frames: [Frame]) -> [CapturedFrame] {
    frames.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map {
        var frame = $0.element.frame
        frame.seconds = Int($0.element.time / 1_000_000_000)
        frame.nanoseconds = Int($0.element.time % 1_000_000_000)
        return frame
      }
  }

  /// What is captured at the server if the clocks agree.
  var bWithClockOfA: [CapturedFrame] {
    b.map { frame in
      var frame = frame
      frame.seconds -= Int(Self.clockOffset / 1_000_000_000)
      return frame
    }
  }

  /// What is told of them.
  func compared(
    limits: ComparisonLimits = ComparisonLimits(), tolerance: Tolerance = Tolerance()
  ) -> Comparison {
    Comparison(
      recording(of: a, named: "a.pcap", limits), recording(of: b, named: "b.pcap", limits),
      tolerance: tolerance)
  }
}

/// Takes in frames as a capture would bring them.
func recording(
  of frames: [CapturedFrame], named name: String = "trace.pcap",
  _ limits: ComparisonLimits = ComparisonLimits()
) -> CaptureRecording {
  let recording = CaptureRecording(named: name, limits: limits)
  var analyzer = TraceAnalyzer(
    linkType: .ethernet, capture: name, measuresRoundTrips: true, segments: recording,
    sink: recording)
  for (index, frame) in frames.enumerated() {
    let time = Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds)
    let info = FrameInfo(number: index + 1, time: time, wireLength: frame.wireLength)
    withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
  }
  _ = analyzer.finish()
  return recording
}

extension Comparison {
  /// What happened to segments: `lost client A 4 B –`.
  var segmentsTold: [String] {
    connections.flatMap(\.segments).map {
      let frames = [$0.frames.a, $0.frames.b].map { $0.map(String.init) ?? "–" }
      return "\($0.kind.rawValue) \($0.sender.name) A \(frames[0]) B \(frames[1])"
    }
  }

  /// What differs between connections: `handshake.outcome`.
  var aspectsTold: [String] { connections.flatMap(\.differences).map(\.aspect) }
}
