public import FlowAnalysis
public import FlowTracker
public import PacketParser

/// One of the two captures that are to be compared: its connections, and its segments.
///
///     let recording = CaptureRecording(named: "trace.pcap")
///     var analyzer = TraceAnalyzer(linkType: .ethernet, segments: recording, sink: recording)
///
/// What goes beyond the limits is counted and not compared.
public final class CaptureRecording: AnalysisSink, SegmentReceiver {
  /// The name under which the comparison speaks of it.
  public let name: String
  private let limits: ComparisonLimits

  /// In the order of their numbers, once the capture has ended.
  private(set) var connections: [ConnectionReport] = []
  /// In the order of their first segments.
  private(set) var flows: [RecordedFlow] = []
  private var flowIndices: [SocketPair: Int] = [:]
  private var segmentCount = 0

  /// What the capture came to, once it has ended.
  public private(set) var summary: TraceSummary?
  /// Connections that were too many.
  public private(set) var omittedConnections = 0
  /// Segments that were too many.
  public private(set) var omittedSegments = 0
  /// The last segment for which there was room, where some were too many.
  private(set) var lastKept: FrameMark?

  public init(named name: String, limits: ComparisonLimits = ComparisonLimits()) {
    self.name = name
    self.limits = limits
  }

  public func take(_ segment: Segment, from sender: Side, of connection: Int) {
    guard segmentCount < limits.segments else {
      omittedSegments += 1
      return
    }
    segmentCount += 1
    if segmentCount == limits.segments {
      lastKept = FrameMark(frame: segment.frame, time: segment.time)
    }
    let ends = SocketPair(segment.source, segment.destination)
    let index: Int
    if let known = flowIndices[ends] {
      index = known
    } else {
      index = flows.count
      flowIndices[ends] = index
      flows.append(RecordedFlow(ends: ends))
    }
    let direction = ends.direction(from: segment.source)
    flows[index].append(
      RecordedSegment(segment, from: sender, of: connection), towards: direction)
  }

  public func connectionEnded(_ report: ConnectionReport) {
    if connections.count < limits.connections {
      connections.append(report)
    } else {
      omittedConnections += 1
    }
  }

  public func captureEnded(_ summary: TraceSummary) {
    connections.sort { $0.number < $1.number }
    if omittedSegments == 0 { lastKept = nil }
    self.summary = summary
  }

  func flow(between ends: SocketPair) -> Int? { flowIndices[ends] }

  /// From the first frame to the last one that could be kept; `nil` without frames.
  var span: ClosedRange<Timestamp>? {
    guard let first = summary?.firstTime, let last = summary?.lastTime else { return nil }
    return first...max(first, lastKept?.time ?? last)
  }
}

/// Two ends, whichever of them sends.
struct SocketPair: Hashable, Sendable {
  let lower: SocketAddress
  let upper: SocketAddress

  init(_ one: SocketAddress, _ other: SocketAddress) {
    (lower, upper) = Self.isOrdered(one, other) ? (one, other) : (other, one)
  }

  private static func isOrdered(_ one: SocketAddress, _ other: SocketAddress) -> Bool {
    let (left, right) = (one.address, other.address)
    return (left.version.rawValue, left.high, left.low, one.port)
      <= (right.version.rawValue, right.high, right.low, other.port)
  }

  /// 0 from the lower end to the upper one, 1 the other way.
  func direction(from source: SocketAddress) -> Int { source == lower ? 0 : 1 }

  /// Who sends in a direction.
  func source(of direction: Int) -> SocketAddress { direction == 0 ? lower : upper }
}

/// The segments between two ends, of one connection or several after each other.
struct RecordedFlow: Sendable {
  let ends: SocketPair
  /// Those in direction 0, and those in direction 1, in the order of the capture.
  private(set) var segments: [[RecordedSegment]] = [[], []]

  init(ends: SocketPair) {
    self.ends = ends
  }

  mutating func append(_ segment: RecordedSegment, towards direction: Int) {
    segments[direction].append(segment)
  }
}
