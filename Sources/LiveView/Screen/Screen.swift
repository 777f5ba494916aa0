package import FlowReports

/// What stands on a terminal: a grid of characters, each with its style.
///
/// A character is one that a terminal draws in one column or two. Whatever else is put on the screen
/// (control characters, directions of writing, joiners) stands as `�` or not at all, so that no text can
/// move what stands beside it.
package struct Screen: Equatable, Sendable {
  /// No terminal is larger; what says that it is gets a screen of this size.
  package static let mostColumns = 500
  package static let mostRows = 300

  package let columns: Int
  package let rows: Int
  /// Where the cursor is; `nil` where none is shown.
  package var cursor: Position?
  private var cells: [Cell]

  package struct Position: Equatable, Sendable {
    package var row: Int
    package var column: Int

    package init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// How a character looks.
  package struct Style: Equatable, Sendable {
    package var tone: TextStyle.Tone?
    /// Foreground and background change places.
    package var isReversed = false

    package init(_ tone: TextStyle.Tone? = nil, isReversed: Bool = false) {
      self.tone = tone
      self.isReversed = isReversed
    }
  }

  struct Cell: Equatable, Sendable {
    /// Of the second column of a wide character it is `nil`.
    var character: Character?
    /// How many columns the character takes.
    var width: Int
    var style: Style

    static let blank = Cell(character: " ", width: 1, style: Style())
  }

  /// An empty screen; it has one column and one row at least.
  package init(columns: Int, rows: Int) {
    self.columns = min(max(columns, 1), Self.mostColumns)
    self.rows = min(max(rows, 1), Self.mostRows)
    cells = Array(repeating: .blank, count: self.columns * self.rows)
  }

  func cell(_ row: Int, _ column: Int) -> Cell { cells[row * columns + column] }

  /// Puts a text into a row, as far as there is room before `limit`, and gives the column behind it.
  ///
  /// Rows and columns outside the screen are none: nothing is put there.
  @discardableResult
  package mutating func put(
    _ text: String, row: Int, column: Int, _ style: Style = Style(), limit: Int = .max
  ) -> Int {
    let limit = min(limit, columns)
    var column = column
    guard rows > row, row >= 0, column >= 0 else { return column }
    for character in text {
      guard let (drawn, width) = character.onTerminal else { continue }
      guard column < limit, width <= limit - column else { break }
      set(Cell(character: drawn, width: width, style: style), row, column)
      column += width
    }
    return column
  }

  /// Gives a whole row a style, whatever stands in it.
  package mutating func setStyle(_ style: Style, row: Int) {
    guard rows > row, row >= 0 else { return }
    for index in row * columns..<(row + 1) * columns { cells[index].style = style }
  }

  private mutating func set(_ cell: Cell, _ row: Int, _ column: Int) {
    let first = row * columns + column
    // Of a wide character that loses a half nothing stays.
    if cells[first].character == nil { cells[first - 1] = .blank }
    let last = first + cell.width - 1
    if cells[last].width == 2 { cells[last + 1] = .blank }
    cells[first] = cell
    if cell.width == 2 { cells[last] = Cell(character: nil, width: 0, style: cell.style) }
  }

  /// The characters of a row, without the blanks at its end.
  package func text(row: Int) -> String {
    var text = String(cells[row * columns..<(row + 1) * columns].compactMap(\.character))
    while text.last == " " { text.removeLast() }
    return text
  }
}
