import FlowTracker
import PacketParser

/// The connections that one host opened and then did not read from: its window was shut for long.
struct StalledConnections: HostRecord {
  /// So many at one time are no accident.
  static let limit = 15
  /// Nanoseconds for which a window was shut at a time.
  static let shortest: Int64 = 10_000_000_000
  private static let named = 8

  /// The latest, from first segment to last; those that are alive have no last one.
  private var latest = InlineArray<16, Span>(repeating: Span())
  private var next = 0
  private var wereManyAtOnce = false
  private var first: FrameMark?
  private var last = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  private var count = 0
  private var longest: Int64 = 0
  private var targets = TargetCounts()
  private var connections: [Int] = []
  private var frames: [Int] = []

  private struct Span {
    var number = 0
    var from = Timestamp(nanoseconds: .max)
    var to = Timestamp(nanoseconds: .min)
  }

  mutating func note(_ outline: inout ConnectionOutline, isAlive: Bool) {
    count += 1
    longest = max(longest, outline.client.shutNanoseconds)
    if first.map({ outline.first.time < $0.time }) ?? true { first = outline.first }
    if outline.last.time >= last.time { last = outline.last }
    targets.insert(outline.server.socket)
    if connections.count < Self.named {
      connections.append(outline.number)
      frames.append(outline.first.frame)
    }
    latest[next] = Span(
      number: outline.number, from: outline.first.time,
      to: isAlive ? Timestamp(nanoseconds: .max) : outline.last.time)
    next = (next + 1) % latest.count
    wereManyAtOnce = wereManyAtOnce || areManyAtOnce
  }

  /// One that was noted alive is over.
  mutating func end(_ outline: inout ConnectionOutline) {
    longest = max(longest, outline.client.shutNanoseconds)
    if outline.last.time >= last.time { last = outline.last }
    for index in latest.indices where latest[index].number == outline.number {
      latest[index].to = outline.last.time
    }
  }

  /// Whether there was a moment at which enough of the latest were there.
  private var areManyAtOnce: Bool {
    // The most are there when one of them has just come.
    latest.indices.contains { one in
      latest.indices.count {
        latest[$0].from <= latest[one].from && latest[one].from <= latest[$0].to
      } >= Self.limit
    }
  }

  /// What there is to say of them; `nil` where there were never many at one time.
  func finding(source: IPAddress) -> CaptureFinding? {
    guard wereManyAtOnce, let first else { return nil }
    var finding = CaptureFinding(
      CaptureRules.slowDrain, nil, .likely, blame: .host(source), first: first, last: last)
    finding.sources = CaptureFinding.Hosts(source)
    targets.tell(in: &finding)
    finding.count = count
    finding.connections = connections.sorted()
    finding.frames = frames.sorted()
    finding.message =
      "\(source) kept its window shut on \(Quantity.count(count)) connections with \(targets.text), at "
      + "least \(Self.limit) of them at one time, for up to \(Quantity.duration(nanoseconds: longest)) each."
    finding.displayFilter =
      "\(source.filterField).src == \(source) && tcp.window_size_value == 0 && tcp.flags.reset == 0"
    return finding
  }
}
