/// Rows of aligned cells, as wide as the terminal allows.
struct TextTable {
  struct Column {
    var title: String
    var alignsRight = false
    /// Columns of a higher number are left out first when the terminal is too narrow; 0 never.
    var dispensability = 0
  }

  struct Cell {
    var text: String
    var tone: TextStyle.Tone?

    init(_ text: String, _ tone: TextStyle.Tone? = nil) {
      self.text = text
      self.tone = tone
    }
  }

  private static let gap = 2

  let columns: [Column]
  private(set) var rows: [[Cell]] = []

  init(columns: [Column]) {
    self.columns = columns
  }

  mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count)
    rows.append(row)
  }

  func render(_ style: TextStyle) -> String {
    let widths = columns.indices.map { index in
      rows.reduce(columns[index].title.count) { max($0, $1[index].text.count) }
    }
    let shown = fitting(widths, style.columns)
    var text = ""
    let heading = columns.map { Cell($0.title, .heading) }
    for row in [heading] + rows {
      var line = ""
      for index in shown {
        let padding = String(repeating: " ", count: widths[index] - row[index].text.count)
        let painted = style.paint(row[index].text, row[index].tone)
        if index != shown.first { line += String(repeating: " ", count: Self.gap) }
        line += columns[index].alignsRight ? padding + painted : painted + padding
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }

  private func fitting(_ widths: [Int], _ limit: Int?) -> [Int] {
    var shown = Array(columns.indices)
    guard let limit else { return shown }
    while shown.reduce(-Self.gap, { $0 + widths[$1] + Self.gap }) > limit {
      let dispensable = shown.filter { columns[$0].dispensability > 0 }
      guard
        let next = dispensable.max(by: {
          columns[$0].dispensability < columns[$1].dispensability
        })
      else { break }
      shown.removeAll { $0 == next }
    }
    return shown
  }
}
