import FlowReports

extension Screen {
  /// The bytes that make a terminal show this screen which shows `previous`.
  ///
  /// They are text, and the sequences of ECMA-48 for places and styles. Without `previous`, or where that
  /// has another size, everything is written. Lines must not wrap (DECAWM off), or the last column could move the text.
  package func changes(from previous: Screen?, usesColor: Bool) -> [UInt8] {
    let known = previous?.columns == columns && previous?.rows == rows ? previous : nil
    var writer = ScreenWriter(usesColor: usesColor)
    if known == nil { writer.clear() }
    for row in 0..<rows {
      for column in 0..<columns {
        let cell = cell(row, column)
        guard cell != known?.cell(row, column) ?? .blank else { continue }
        writer.write(cell, row, column)
      }
    }
    if known == nil || cursor != known?.cursor || !writer.bytes.isEmpty { writer.end(at: cursor) }
    return writer.bytes
  }
}

/// Writes cells in the order of their places.
private struct ScreenWriter {
  private(set) var bytes: [UInt8] = []
  private let usesColor: Bool
  /// Where the terminal's cursor is; `nil` where that is not certain.
  private var place: Screen.Position?
  private var style = Screen.Style()

  init(usesColor: Bool) {
    self.usesColor = usesColor
  }

  private mutating func send(_ text: String) { bytes += Array(text.utf8) }

  mutating func clear() { send("\u{1b}[0m\u{1b}[2J") }

  mutating func write(_ cell: Screen.Cell, _ row: Int, _ column: Int) {
    guard let character = cell.character else { return }
    if bytes.isEmpty { send("\u{1b}[?25l") }
    if place != Screen.Position(row: row, column: column) {
      send("\u{1b}[\(row + 1);\(column + 1)H")
    }
    if style != cell.style {
      send(code(of: cell.style))
      style = cell.style
    }
    send(String(character))
    // What a terminal makes of any but the plainest characters is not relied on.
    place = character.isASCII ? Screen.Position(row: row, column: column + 1) : nil
  }

  /// Leaves the terminal with no style, and its cursor where it is to be.
  mutating func end(at cursor: Screen.Position?) {
    if style != Screen.Style() { send("\u{1b}[0m") }
    if let cursor {
      send("\u{1b}[\(cursor.row + 1);\(cursor.column + 1)H\u{1b}[?25h")
    } else {
      send("\u{1b}[?25l")
    }
  }

  /// Select Graphic Rendition (ECMA-48 §8.3.117); bold and faint are no colours.
  private func code(of style: Screen.Style) -> String {
    var code = "\u{1b}[0"
    if let tone = style.tone, usesColor || tone == .heading || tone == .faint {
      code += ";" + tone.rawValue
    }
    if style.isReversed { code += ";7" }
    return code + "m"
  }
}
