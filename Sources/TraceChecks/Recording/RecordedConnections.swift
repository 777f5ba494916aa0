import FlowAnalysis
import FlowTracker
import PacketParser

/// Connections of a trusted capture that did the same: what they have in common exactly, and between what the
/// rest of it lies.
struct RecordedConnections {
  /// Fields and what they are, as a file says it.
  let exact: [Line]
  private(set) var count = 1
  /// The capture decides all that is recorded of connections.
  let isWhole: Bool
  private var ranges: [Range]

  struct Line: Hashable {
    var field: String
    var condition: String
  }

  private struct Range {
    var field: String
    var least: Int64
    var most: Int64
    /// The capture has not all of it.
    var mayGrow: Bool
  }

  init(_ subject: CheckedReport) {
    exact = Self.exactFields.compactMap { Self.line($0, subject) }
    isWhole = exact.map(\.field) == Self.exactFields.map(\.name)
    ranges = Self.boundedFields.compactMap { field in
      let value = field.value(subject)
      guard case .quantity(let quantity) = value else { return nil }
      return Range(
        field: field.name, least: quantity, most: quantity,
        mayGrow: subject.outlook(of: field.topic, value).contains(.mayGrow))
    }
  }

  /// What the capture decides of a field: what it is, or, where some of it may be missing, what it passed
  /// through; `nil` where it decides nothing.
  private static func line(_ field: ConnectionField, _ subject: CheckedReport) -> Line? {
    let value = field.value(subject)
    let outlook = subject.outlook(of: field.topic, value)
    if field.name == "server.port", !subject.hasServicePort {
      return Line(field: field.name, condition: "\(firstEphemeralPort)..65535")
    }
    if decides(field, value, outlook) { return Line(field: field.name, condition: text(value)) }
    guard case .words(_, .exactly) = field.kind, case .words(let words) = value, !words.isEmpty
    else { return nil }
    return Line(field: field.name + ".through", condition: text(value))
  }

  /// Whether the capture is enough for what was seen to be so.
  private static func decides(
    _ field: ConnectionField, _ value: FieldValue, _ outlook: Outlook
  ) -> Bool {
    let condition =
      if case .words(let words) = value {
        try? Condition(listOf: words, of: field.kind)
      } else {
        try? Condition(text(value), of: field.kind)
      }
    return condition?.holds(for: value, outlook) == .yes
  }

  /// Whether another group is of connections that did the same.
  func isSame(as other: RecordedConnections) -> Bool {
    exact == other.exact
      && zip(ranges, other.ranges).allSatisfy { $0.field == $1.field && $0.mayGrow == $1.mayGrow }
      && ranges.count == other.ranges.count
  }

  mutating func merge(_ other: RecordedConnections) {
    count += other.count
    for index in ranges.indices {
      ranges[index].least = min(ranges[index].least, other.ranges[index].least)
      ranges[index].most = max(ranges[index].most, other.ranges[index].most)
    }
  }

  /// The bounds, with head-room.
  var bounds: [Line] {
    ranges.compactMap { range in
      guard let field = ConnectionField.named(range.field) else { return nil }
      guard range.mayGrow else {
        return Line(
          field: range.field, condition: Self.bound(field, range.least, range.most))
      }
      // How long it takes in the end nobody knows.
      guard range.least > 0, case .quantity(.duration) = field.kind else {
        return range.least > 0
          ? Line(field: range.field, condition: "\">= \(range.least - range.least / 5)\"") : nil
      }
      return nil
    }
  }

  // MARK: - What is recorded

  private static let exactFields: [ConnectionField] =
    named([
      "server.port", "encapsulation", "handshake.kind", "handshake.outcome",
    ])
    + Side.allCases.flatMap { side in
      named(
        ["mss", "window_scale", "sack_permitted", "timestamps", "fast_open", "multipath"].map {
          "handshake.options.\(side.name).\($0)"
        })
    }
    + named([
      "close.kind", "close.outcome", "close.first", "close.reset.by", "states.client",
      "states.server", "findings",
    ])

  private static let boundedFields: [ConnectionField] =
    named(["duration", "handshake.rtt.server"])
    + Side.allCases.flatMap { side in
      named(
        ["unique", "retransmitted.packets", "zero_windows", "gaps.count"].map {
          "traffic.\(side.name).\($0)"
        })
    }

  /// What of most connections is so, and is seen elsewhere where it is not.
  static func isUsual(_ line: Line) -> Bool {
    ["false", "none"].contains(line.condition)
      && (line.field.hasSuffix(".fast_open") || line.field.hasSuffix(".multipath"))
  }

  /// Linux takes ports from here on that are others with every run, as RFC 6335 §6 does from 49152 on.
  fileprivate static let firstEphemeralPort: UInt16 = 32_768

  private static func named(_ names: [String]) -> [ConnectionField] {
    names.map { name in
      guard let field = ConnectionField.named(name) else {
        preconditionFailure("there is no field \(name)")
      }
      return field
    }
  }

  // MARK: - As a file says it

  private static func text(_ value: FieldValue) -> String {
    switch value {
    case .unknown: "none"
    case .word(let word): word
    case .flag(let flag): flag ? "true" : "false"
    case .quantity(let quantity): String(quantity)
    case .address(let address): "\(address)"
    case .words(let words): "[" + words.joined(separator: ", ") + "]"
    }
  }

  /// Times may well be many times as long on another machine, amounts differ a little, and what never
  /// happened is not to happen.
  private static func bound(_ field: ConnectionField, _ least: Int64, _ most: Int64) -> String {
    switch field.kind {
    case .quantity(.duration):
      let milliseconds = roundNumber(from: max(10, most / 1_000_000 * 10))
      return "< " + (milliseconds < 1_000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s")
    default:
      guard most > 0 else { return "0" }
      let lower = least - least / 5
      return "\(lower)..\(most + max(1, most / 5))"
    }
  }
}

/// The least of 1, 2, 5, 10, 20, 50, … that is not less.
private func roundNumber(from least: Int64) -> Int64 {
  var power: Int64 = 1
  while power * 10 <= least { power *= 10 }
  return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least } ?? least
}

extension CheckedReport {
  /// Whether the server's port is one that services are found at.
  fileprivate var hasServicePort: Bool {
    report.server.port < RecordedConnections.firstEphemeralPort
  }
}
