import FlowTracker
import PacketParser

/// Connections of which something is true: how many, from when to when, and some of them.
struct ConnectionTally {
  private static let namedConnections = 8

  private(set) var count = 0
  /// The earliest beginning of them.
  private(set) var first: FrameMark?
  /// The latest frame of them.
  private var last = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  /// The numbers and the first frames of those that were over first.
  private var named: [(number: Int, frame: Int)] = []

  mutating func note(_ outline: borrowing ConnectionOutline) {
    count += 1
    let began = outline.first
    if first.map({ began.time < $0.time }) ?? true { first = began }
    if outline.last.time > last.time { last = outline.last }
    if named.count < Self.namedConnections { named.append((outline.number, began.frame)) }
  }

  /// The same as a finding, if there were any; without a filter of its own, that shows where those begin
  /// that are named.
  func finding(
    _ rule: FindingRule, _ certainty: Finding.Certainty = .proven, filter: String? = nil,
    message: String
  ) -> CaptureFinding? {
    guard let first else { return nil }
    var finding = CaptureFinding(rule, nil, certainty, blame: .capture, first: first, last: last)
    finding.count = count
    finding.connections = named.map(\.number).sorted()
    if let filter {
      finding.displayFilter = filter
    } else {
      finding.frames = named.map(\.frame).sorted()
      let numbers = finding.frames.map(String.init).joined(separator: ",")
      finding.displayFilter = "frame.number in {\(numbers)}"
    }
    finding.message = message
    return finding
  }
}
