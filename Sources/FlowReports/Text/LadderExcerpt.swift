public import FlowAnalysis
import FlowTracker

/// The part of a ladder around some frames.
public enum LadderExcerpt {
  /// So many rungs stand around a frame on either side, and so many in all.
  private static let neighbours = 2
  private static let rungsAtMost = 16
  /// What is missing shows at the end.
  private static let lastRungs = 6

  /// A line a rung, below their titles; of a ladder around no frames, the end.
  public static func render(_ ladder: Ladder, around frames: [Int], style: TextStyle) -> String {
    let text = LadderText(ladder, style: style)
    let wanted = Set(frames)
    let hits = ladder.rungs.indices.filter { index in
      if case .segment(let segment, _) = ladder.rungs[index] {
        wanted.contains(segment.mark.frame)
      } else {
        false
      }
    }
    var shown = Set<Int>()
    if hits.isEmpty { shown.formUnion(ladder.rungs.indices.suffix(lastRungs)) }
    for hit in hits where shown.count < rungsAtMost {
      shown.formUnion(hit - neighbours...hit + neighbours)
    }
    var lines = text.titles + "\n"
    var previous = -1
    for index in ladder.rungs.indices where shown.contains(index) {
      if index != previous + 1 { lines += "    ⋮\n" }
      lines += text.line(for: ladder.rungs[index])
      previous = index
    }
    if previous + 1 < ladder.rungs.count { lines += "    ⋮\n" }
    return lines
  }
}
