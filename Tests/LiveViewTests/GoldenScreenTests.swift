import LiveView
import Testing
import TraceScript

/// What a person sees, whole.
struct GoldenScreenTests {
  private func expectScreen(_ display: LiveDisplay, _ name: String) throws {
    var display = display
    try expectGolden(display.lines().map { $0 + "\n" }.joined(), name)
  }

  @Test(arguments: [(80, 24), (40, 10), (120, 30), (200, 50), (20, 4), (1, 1)])
  func `the table fits its terminal`(columns: Int, rows: Int) throws {
    var display = Sample.display(columns: columns, rows: rows)
    let screen = display.draw()
    #expect((screen.columns, screen.rows) == (columns, rows))
    try expectScreen(display, "table-\(columns)x\(rows).txt")
  }

  @Test func `the selected connection is told in a line of its own`() throws {
    var display = Sample.display(columns: 80, rows: 24)
    display.press([.down, .down, .down, .down])
    try expectScreen(display, "selected.txt")
  }

  @Test(arguments: [true, false])
  func `as a terminal gets it, with colour and without`(usesColor: Bool) throws {
    var display = Sample.display(columns: 80, rows: 24)
    display.press(.down)
    let bytes = display.draw().changes(from: nil, usesColor: usesColor)
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("\u{1b}[", with: "\n␛[").replacing("\u{1b}", with: "␛")
    #expect(text.contains("␛[0;31m") == usesColor)
    try expectGolden(text + "\n", usesColor ? "colour.txt" : "no-colour.txt")
  }

  @Test func `a mistake in a filter stands beside it`() throws {
    var display = Sample.display(columns: 80, rows: 24)
    display.press(.character("/"))
    display.type("port:443 stat:closed")
    try expectScreen(display, "filter-mistake.txt")
  }

  @Test func `a ladder has the screen for itself`() throws {
    var display = Sample.display(columns: 60, rows: 8)
    display.press([.down, .enter])
    display.showLadder(of: 4, (1...20).map { "line \($0) of the ladder" })
    display.press([.pageDown, .down])
    try expectScreen(display, "ladder.txt")
  }

  @Test func `help fits eighty columns`() throws {
    var display = Sample.display(columns: 80, rows: 40)
    display.press(.character("?"))
    try expectScreen(display, "help.txt")
    for line in display.lines() { #expect(line.count < 80) }
  }

  @Test func `before anything has come it says so`() throws {
    try expectScreen(LiveDisplay(columns: 60, rows: 8), "waiting.txt")
  }
}
