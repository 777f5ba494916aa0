/// A table in Markdown that can also be read as it stands.
struct MarkdownTable {
  struct Column {
    var title: String
    var alignsRight: Bool
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  init(columns: [Column]) {
    self.columns = columns
  }

  mutating func append(_ row: [String]) {
    precondition(row.count == columns.count)
    rows.append(row)
  }

  var description: String {
    let titles = columns.map(\.title)
    let widths = columns.indices.map { column in
      ([titles] + rows).map { $0[column].count }.max() ?? 0
    }
    let rules = zip(columns, widths).map { column, width in
      String(repeating: "-", count: width - 1) + (column.alignsRight ? ":" : "-")
    }
    return ([titles, rules] + rows).map { line($0, widths) + "\n" }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { index in
      let padding = String(repeating: " ", count: widths[index] - cells[index].count)
      return columns[index].alignsRight ? padding + cells[index] : cells[index] + padding
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }
}
