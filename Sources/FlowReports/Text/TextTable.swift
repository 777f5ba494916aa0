/// Rows of aligned cells, as wide as the terminal allows.
///
/// Where not all columns fit, those are left out that can best be done without; where even the
/// others do not, the gaps narrow, and the longest texts lose their middles.
package struct TextTable {
  package struct Column {
    var title: String
    var alignsRight = false
    /// Columns of a lower number are kept rather than those of a higher; 0 is always shown.
    var dispensability = 0
    /// Whether a text may lose its middle.
    var isElidable = false

    package init(
      _ title: String, alignsRight: Bool = false, dispensability: Int = 0, isElidable: Bool = false
    ) {
      self.title = title
      self.alignsRight = alignsRight
      self.dispensability = dispensability
      self.isElidable = isElidable
    }
  }

  package struct Cell {
    package let text: String
    package let tone: TextStyle.Tone?
    /// In characters.
    let width: Int

    package init(_ text: String, _ tone: TextStyle.Tone? = nil) {
      self.text = text
      self.tone = tone
      width = text.width
    }
  }

  /// A text is not cut below this.
  private static let leastWidth = 12

  private let columns: [Column]
  private var rows: [[Cell]] = []

  package init(columns: [Column]) {
    self.columns = columns
  }

  package mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count)
    rows.append(row)
  }

  package func render(_ style: TextStyle) -> String {
    let layout = layout(within: style.columns)
    let heading = columns.map { Cell($0.title, .heading) }
    return ([heading] + rows).map { line($0, layout, style) + "\n" }.joined()
  }

  private func line(_ row: [Cell], _ layout: Layout, _ style: TextStyle) -> String {
    var line = ""
    // Those behind the last text are never written.
    var spaces = 0
    for index in layout.shown {
      let (cell, width) = (row[index], layout.widths[index])
      let padding = max(0, width - cell.width)
      if columns[index].alignsRight { spaces += padding }
      if !cell.text.isEmpty {
        line += String(repeating: " ", count: spaces)
        line += style.paint(
          cell.width > width ? cell.text.elided(to: width) : cell.text, cell.tone)
        spaces = 0
      }
      spaces += layout.gap + (columns[index].alignsRight ? 0 : padding)
    }
    return line
  }

  // MARK: - Layout

  private struct Layout {
    var shown: [Int]
    /// The width of each column, shown or not.
    var widths: [Int]
    var gap = 2

    var total: Int { shown.reduce(-gap) { $0 + widths[$1] + gap } }
  }

  private func layout(within limit: Int?) -> Layout {
    let widths = columns.indices.map { index in
      rows.reduce(columns[index].title.width) { max($0, $1[index].width) }
    }
    var layout = Layout(shown: Array(columns.indices), widths: widths)
    guard let limit, layout.total > limit else { return layout }

    layout.shown = columns.indices.filter { columns[$0].dispensability == 0 }
    for group in Set(columns.map(\.dispensability)).sorted().dropFirst() {
      var wider = layout
      wider.shown = columns.indices.filter {
        layout.shown.contains($0) || columns[$0].dispensability == group
      }
      if wider.total <= limit { layout = wider }
    }
    if layout.total > limit { layout.gap = 1 }
    while layout.total > limit {
      let longest = layout.shown.filter { columns[$0].isElidable }
        .max { layout.widths[$0] < layout.widths[$1] }
      guard let longest, layout.widths[longest] > Self.leastWidth else { break }
      layout.widths[longest] -= 1
    }
    return layout
  }
}

extension String {
  /// The text in `width` characters, without its middle, since the port of an address stands at its
  /// end.
  package func elided(to width: Int) -> String {
    prefix(width / 2) + "…" + suffix(width - width / 2 - 1)
  }

  /// How many characters it has; of ASCII, which nearly all are, without looking for their bounds.
  fileprivate var width: Int {
    utf8.allSatisfy { $0 < 0x80 && $0 != 0x0d } ? utf8.count : count
  }
}
