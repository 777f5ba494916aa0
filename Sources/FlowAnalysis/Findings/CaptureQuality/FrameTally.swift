import FlowTracker
import PacketParser

/// Frames of which something is true: how many, the first of them and the last.
struct FrameTally {
  private static let namedFrames = 8

  private(set) var count = 0
  private(set) var first = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  private(set) var last = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  /// The numbers of the first of them, in order.
  private(set) var named: [Int] = []

  @inline(__always)
  mutating func note(frame: Int, time: Timestamp) {
    count &+= 1
    last = FrameMark(frame: frame, time: time)
    if count <= Self.namedFrames { name(last) }
  }

  @inline(never)
  private mutating func name(_ mark: FrameMark) {
    if named.isEmpty { first = mark }
    named.append(mark.frame)
  }

  /// The same as a finding, if there were any.
  func finding(
    _ rule: FindingRule, _ certainty: Finding.Certainty = .proven,
    blame: CaptureFinding.Blame = .capture, filter: String? = nil,
    _ message: (FrameTally) -> String
  ) -> CaptureFinding? {
    guard count > 0 else { return nil }
    var finding = CaptureFinding(
      rule, nil, certainty, blame: blame, first: first, last: last)
    finding.count = count
    finding.frames = named
    finding.displayFilter =
      filter ?? "frame.number in {\(named.map(String.init).joined(separator: ","))}"
    finding.message = message(self)
    return finding
  }
}
