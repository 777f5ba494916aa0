import Foundation

/// The results of a comparison as a table: of each capture the floor, and each way above it.
struct ComparisonTable {
  /// Where fewer are alive, what each takes is lost among what the program takes in any case.
  static let fewestLiveConnections = 10_000

  private var table = MarkdownTable(columns: [
    .init(title: "capture", alignsRight: false),
    .init(title: "program", alignsRight: false),
    .init(title: "processor", alignsRight: true),
    .init(title: "÷ floor", alignsRight: true),
    .init(title: "elapsed", alignsRight: true),
    .init(title: "÷ floor", alignsRight: true),
    .init(title: "packets/s", alignsRight: true),
    .init(title: "peak memory", alignsRight: true),
    .init(title: "a live connection", alignsRight: true),
  ])

  /// `restingBytes` is what each way has in use for a capture that is as good as empty.
  mutating func append(_ result: Comparison.Result, restingBytes: [String: UInt64]) {
    table.append(
      ["\(result.capture.name); \(grouped(result.packets)) packets", "floor: empty pcap_loop"]
        + times(of: result.floor, in: result) + ["", ""])
    for (way, cost) in result.ways {
      table.append(
        ["", way.name] + times(of: cost, in: result)
          + memory(of: cost, in: result, restingBytes: restingBytes[way.name] ?? 0))
    }
  }

  var description: String { table.description }

  private func times(of cost: Cost, in result: Comparison.Result) -> [String] {
    [
      String(format: "%.3f s", cost.processorSeconds),
      String(format: "%.2f", cost.processorSeconds / result.floor.processorSeconds),
      String(format: "%.3f s", cost.elapsedSeconds),
      String(format: "%.2f", cost.elapsedSeconds / result.floor.elapsedSeconds),
      String(format: "%.2f M", Double(result.packets) / cost.elapsedSeconds / 1e6),
    ]
  }

  private func memory(
    of cost: Cost, in result: Comparison.Result, restingBytes: UInt64
  ) -> [String] {
    guard let peak = cost.peakBytes else { return ["", ""] }
    let text = String(format: "%.1f MB", Double(peak) / 1e6)
    let live = result.capture.liveConnections
    guard live >= Self.fewestLiveConnections else { return [text, "–"] }
    let bytes = (Double(peak) - Double(restingBytes)) / Double(live)
    return [text, String(format: "%.0f B", bytes)]
  }

  /// `number` with a comma before every three digits.
  private func grouped(_ number: UInt64) -> String {
    let digits = Array(String(number))
    return digits.indices.map { index in
      let isBoundary = index > 0 && (digits.count - index).isMultiple(of: 3)
      return (isBoundary ? "," : "") + String(digits[index])
    }.joined()
  }
}
