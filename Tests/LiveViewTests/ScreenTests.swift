import FlowReports
import LiveView
import Testing

struct ScreenTests {
  private func screen(_ texts: [String], columns: Int = 10) -> Screen {
    var screen = Screen(columns: columns, rows: texts.count)
    for (row, text) in texts.enumerated() { screen.put(text, row: row, column: 0) }
    return screen
  }

  private func changes(_ screen: Screen, from previous: Screen?, usesColor: Bool = true) -> String {
    String(decoding: screen.changes(from: previous, usesColor: usesColor), as: UTF8.self)
  }

  @Test func `a screen that stays is not written`() {
    let one = screen(["same", "text"])
    #expect(changes(one, from: one) == "")
  }

  @Test func `only what differs is written, where it stands`() {
    let text = changes(screen(["abcdef", "same"]), from: screen(["abXYef", "same"]))
    #expect(text == "\u{1b}[?25l\u{1b}[1;3Hcd\u{1b}[?25l")
  }

  @Test func `what is gone is overwritten with blanks`() {
    #expect(changes(screen(["ab"]), from: screen(["abcd"])).contains("\u{1b}[1;3H  "))
  }

  @Test func `a screen of another size is written whole`() {
    let text = changes(screen(["abc"], columns: 5), from: screen(["abc"], columns: 6))
    #expect(text.hasPrefix("\u{1b}[0m\u{1b}[2J\u{1b}[1;1Habc"))
  }

  @Test func `a style is set once and taken back`() {
    var styled = screen([""])
    styled.put("bad", row: 0, column: 0, Screen.Style(.bad))
    let expected = "\u{1b}[?25l\u{1b}[1;1H\u{1b}[0;31mbad\u{1b}[0m\u{1b}[?25l"
    #expect(changes(styled, from: screen([""])) == expected)
    #expect(!changes(styled, from: screen([""]), usesColor: false).contains("31"))
  }

  @Test func `without colour what is selected still shows`() {
    var selected = screen(["row"])
    selected.setStyle(Screen.Style(isReversed: true), row: 0)
    #expect(changes(selected, from: screen(["row"]), usesColor: false).contains("\u{1b}[0;7mrow"))
  }

  @Test func `the cursor is moved even if nothing else is`() {
    var typed = screen(["/ab"])
    typed.cursor = Screen.Position(row: 0, column: 3)
    #expect(changes(typed, from: screen(["/ab"])) == "\u{1b}[1;4H\u{1b}[?25h")
  }

  @Test(arguments: [
    ("a\u{1b}[31mb", "a�[31mb"), ("a\nb\tc\u{7f}", "a�b�c�"), ("\u{9b}31m", "�31m"),
    ("left\u{202e}right", "left�right"), ("a\u{2028}b", "a�b"), ("\u{e000}", "�"),
    ("\r\n", "�"), ("zero\u{200b}width", "zero�width"), ("\u{301}", ""),
    ("e\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}"), ("soft\u{ad}hyphen", "soft�hyphen"),
  ])
  func `no text steers the terminal or hides in it`(text: String, shown: String) {
    let screen = screen([text], columns: 20)
    #expect(screen.text(row: 0) == shown)
    let written = changes(screen, from: nil).dropFirst("\u{1b}[0m\u{1b}[2J".count)
    #expect(
      !written.replacing(/\e\[[\d;?]*[A-Za-z]/, with: "").unicodeScalars.contains {
        $0.properties.generalCategory == .control
      })
  }

  @Test func `wide characters take two columns, and none is cut in half`() {
    let wide = screen(["日本語語語語"], columns: 5)
    #expect(wide.text(row: 0) == "日本")
    var overwritten = wide
    overwritten.put("x", row: 0, column: 1)
    #expect(overwritten.text(row: 0) == " x本")
    overwritten.put("語", row: 0, column: 1)
    #expect(overwritten.text(row: 0) == " 語")
    #expect(screen(["👩‍👩‍👧!"]).text(row: 0) == "👩!")
  }

  @Test func `after a character of uncertain width the place is told again`() {
    let text = changes(screen(["é日x"]), from: screen([""]))
    #expect(text.contains("é\u{1b}[1;2H日\u{1b}[1;4Hx"))
  }

  @Test(arguments: [(0, 0), (-5, 3), (.max, .max)])
  func `there is always a screen, and none without bounds`(columns: Int, rows: Int) {
    var screen = Screen(columns: columns, rows: rows)
    #expect(1...Screen.mostColumns ~= screen.columns)
    #expect(1...Screen.mostRows ~= screen.rows)
    screen.put("outside", row: screen.rows, column: 0)
    screen.put("outside", row: 0, column: screen.columns)
    screen.put("outside", row: -1, column: 0)
    screen.setStyle(Screen.Style(.bad), row: screen.rows)
    #expect(screen.text(row: 0) == "")
  }
}
