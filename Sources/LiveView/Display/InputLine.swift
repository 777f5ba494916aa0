/// A line of text that is typed, with a cursor in it.
struct InputLine {
  /// More is not taken.
  private static let mostCharacters = 200

  private var before: [Character]
  private var after: [Character] = []

  init(_ text: String) {
    before = Array(text.prefix(Self.mostCharacters))
  }

  var text: String { String(before + after) }

  /// Takes a key, unless it is none for a line, and says whether it was one.
  mutating func take(_ key: Key) -> Bool {
    switch key {
    case .character(let character):
      if before.count + after.count < Self.mostCharacters { before.append(character) }
    case .backspace: _ = before.popLast()
    case .delete: if !after.isEmpty { after.removeFirst() }
    case .left: if let last = before.popLast() { after.insert(last, at: 0) }
    case .right: if !after.isEmpty { before.append(after.removeFirst()) }
    case .home, .control("a"): (before, after) = ([], before + after)
    case .end, .control("e"): (before, after) = (before + after, [])
    case .control("u"): before = []
    case .control("k"): after = []
    case .control("w"):
      while before.last == " " { before.removeLast() }
      while let last = before.last, last != " " { before.removeLast() }
    default: return false
    }
    return true
  }

  /// Puts the line onto a screen, moved as far as the cursor needs, and gives the column behind it.
  func draw(on screen: inout Screen, row: Int, column: Int, limit: Int) -> Int {
    let limit = min(limit, screen.columns)
    var start = before.startIndex
    // The cursor has a place of its own behind the text.
    while start < before.endIndex, column + String(before[start...]).terminalWidth >= limit {
      start += 1
    }
    let place = screen.put(
      String(before[start...]), row: row, column: column, limit: limit)
    screen.cursor = Screen.Position(row: row, column: max(0, min(place, limit - 1)))
    return screen.put(String(after), row: row, column: place, limit: limit)
  }
}
