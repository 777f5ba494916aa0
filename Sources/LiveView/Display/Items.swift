import FlowReports

/// Pieces of text in a row, of which as many stand there as have room.
struct Items {
  private var items: [(text: String, style: Screen.Style)] = []

  mutating func append(_ text: String, _ tone: TextStyle.Tone? = nil) {
    items.append((text, Screen.Style(tone)))
  }

  /// Puts them beside each other; an ellipsis stands for those for which there is no room.
  @discardableResult
  func draw(
    on screen: inout Screen, row: Int, column: Int = 0, separator: String = "  ", limit: Int = .max
  ) -> Int {
    let limit = min(limit, screen.columns)
    var column = column
    for (index, item) in items.enumerated() {
      let separator = index == 0 ? "" : separator
      let width = separator.terminalWidth + item.text.terminalWidth
      // An ellipsis needs a place too, unless nothing comes after this.
      let reserve = index + 1 < items.count ? 2 : 0
      guard index == 0 || column + width + reserve <= limit else {
        return screen.put(" …", row: row, column: column, limit: limit)
      }
      column = screen.put(separator, row: row, column: column, limit: limit)
      column = screen.put(item.text, row: row, column: column, item.style, limit: limit)
    }
    return column
  }
}
