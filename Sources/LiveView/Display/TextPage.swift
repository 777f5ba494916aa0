/// A text that is read a screen at a time.
struct TextPage {
  var lines: [String] {
    didSet { scroll(by: 0) }
  }
  /// How many lines are seen at the same time.
  var height: Int {
    didSet { scroll(by: 0) }
  }
  private(set) var top = 0
  /// So many characters of each line are left of the screen.
  private var left = 0

  init(_ lines: [String], height: Int) {
    self.lines = lines
    self.height = max(height, 1)
  }

  private static let sidewaysStep = 8

  /// Takes a key that moves the text, and says whether it was one.
  mutating func take(_ key: Key) -> Bool {
    switch key {
    case .up, .character("k"): scroll(by: -1)
    case .down, .enter, .character("j"): scroll(by: 1)
    case .pageUp, .control("b"): scroll(by: -height)
    case .pageDown, .control("f"), .character(" "): scroll(by: height)
    case .home, .character("g"): scroll(by: -top)
    case .end, .character("G"): scroll(by: lines.count)
    case .right, .character("l"):
      let widest = lines.lazy.map(\.count).max() ?? 0
      left = min(left + Self.sidewaysStep, max(widest - 1, 0))
    case .left: left = max(0, left - Self.sidewaysStep)
    default: return false
    }
    return true
  }

  private mutating func scroll(by count: Int) {
    top = min(max(0, top + count), max(0, lines.count - height))
  }

  /// `12–34 of 100`.
  var place: String {
    lines.count <= height ? "" : "\(top + 1)–\(min(top + height, lines.count)) of \(lines.count)"
  }

  /// Puts the lines that are seen onto a screen, from a row on.
  func draw(on screen: inout Screen, from row: Int) {
    for (index, line) in lines.dropFirst(top).prefix(height).enumerated() {
      screen.put(String(line.dropFirst(left)), row: row + index, column: 0)
    }
  }
}
