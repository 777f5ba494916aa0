import FlowAnalysis
import FlowTracker

/// The connections that a table shows: the first of the capture, of a scan or a flood only some.
///
/// What is a scan shows when the capture is over. Until then connections that came to nothing, of which
/// scans are made, are kept apart, so that they do not take the place of the others.
struct ConnectionRows {
  /// So many connections of a scan or a flood are shown, unless there are hardly more.
  private static let exampleCount = 3
  private static let foldedFrom = 8

  private let limit: Int
  private var attempts: Kept
  private var others: Kept

  init(limit: Int) {
    self.limit = limit
    // Enough to find those among them that are no scan, however short the table.
    attempts = Kept(limit: limit == 0 ? 0 : max(limit, 1_000))
    others = Kept(limit: limit)
  }

  /// Whether a connection of which there is nothing to say may be shown.
  func want(_ number: Int) -> Bool { others.wants(number) }

  /// Whether one that came to nothing may be shown.
  func wantAttempt(_ number: Int) -> Bool { attempts.wants(number) }

  mutating func add(_ report: ConnectionReport) {
    guard attempts.wants(report.number) || others.wants(report.number) else { return }
    let isAttempt = !report.hasPayload || report.handshake.outcome != .complete
    if isAttempt { attempts.add(report) } else { others.add(report) }
  }

  /// What there is to show, by number.
  struct Selection {
    var rows: [ConnectionReport] = []
    /// So many are left out because findings across connections speak of them.
    var folded = 0
  }

  /// Of many connections that show the same: one of each outcome, then the first ones.
  private static func examples(of reports: [ConnectionReport]) -> [ConnectionReport] {
    var examples: [ConnectionReport] = []
    for report in reports
    where !examples.contains(where: { $0.handshake.outcome == report.handshake.outcome }) {
      examples.append(report)
    }
    for report in reports where !examples.contains(where: { $0.number == report.number }) {
      guard examples.count < Self.exampleCount else { break }
      examples.append(report)
    }
    return Array(examples.prefix(Self.exampleCount))
  }

  func selection(for findings: [CaptureFinding]) -> Selection {
    var selection = Selection()
    var covered = [[ConnectionReport]](repeating: [], count: findings.count)
    for report in attempts.first {
      if let index = findings.firstIndex(where: { $0.covers(report) }) {
        covered[index].append(report)
      } else {
        selection.rows.append(report)
      }
    }
    for (finding, reports) in zip(findings, covered) {
      guard !reports.isEmpty, finding.count > Self.foldedFrom else {
        selection.rows += reports
        continue
      }
      let examples = Self.examples(of: reports)
      selection.rows += examples
      selection.folded += max(finding.count - examples.count, 0)
    }
    selection.rows += others.first
    selection.rows.sort { $0.number < $1.number }
    selection.rows = Array(selection.rows.prefix(limit))
    return selection
  }
}

/// The reports with the lowest numbers, which come in another order.
private struct Kept {
  private let limit: Int
  private var reports: [ConnectionReport] = []
  /// Those from here on are not among the first.
  private var end: Int

  init(limit: Int) {
    self.limit = limit
    end = limit == 0 ? 0 : .max
  }

  func wants(_ number: Int) -> Bool { number < end }

  mutating func add(_ report: ConnectionReport) {
    guard wants(report.number) else { return }
    reports.append(report)
    guard reports.count >= max(limit, 1) &* 2 else { return }
    reports = first
    end = reports.last.map { $0.number } ?? 0
  }

  var first: [ConnectionReport] {
    Array(reports.sorted { $0.number < $1.number }.prefix(limit))
  }
}
