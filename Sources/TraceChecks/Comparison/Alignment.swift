/// Pairs what stands in two rows without changing the order of either.
enum Alignment {
  /// Longer rows than this, multiplied, are paired in their order alone.
  private static let limit = 1 << 22

  /// The pairs, as many as the shorter row has, that together cost least.
  ///
  /// - Parameters:
  ///   - counts: How long the rows are.
  ///   - cost: What it costs to pair the one with that index with the other with that index; 0 is least.
  /// - Returns: Indices in order.
  static func pairs(
    _ counts: (Int, Int), cost: (Int, Int) -> Double
  ) -> [(Int, Int)] {
    let (rows, columns) = counts
    if rows > columns {
      return pairs((columns, rows)) { cost($1, $0) }.map { ($1, $0) }
    }
    guard rows > 0 else { return [] }
    let slack = columns - rows
    guard slack > 0, rows * (slack + 1) <= limit else { return (0..<rows).map { ($0, $0) } }

    // The row with index `row` is paired with `row + skipped`; `least[skipped]` is the least cost of all
    // rows so far, with no more than so many skipped.
    var least = [Double](repeating: 0, count: slack + 1)
    var skips = [UInt32](repeating: 0, count: rows * (slack + 1))
    for row in 0..<rows {
      var best = Double.infinity
      var chosen = 0
      for skipped in 0...slack {
        let sum = least[skipped] + cost(row, row + skipped)
        if sum < best { (best, chosen) = (sum, skipped) }
        least[skipped] = best
        skips[row * (slack + 1) + skipped] = UInt32(chosen)
      }
    }
    var result: [(Int, Int)] = []
    var skipped = slack
    for row in (0..<rows).reversed() {
      skipped = Int(skips[row * (slack + 1) + skipped])
      result.append((row, row + skipped))
    }
    return result.reversed()
  }
}
