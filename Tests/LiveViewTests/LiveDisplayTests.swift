import FlowAnalysis
import LiveView
import PacketParser
import Testing

struct LiveDisplayTests {
  /// A display of many connections, with ten of them on its screen.
  private func display(_ count: Int = 100) -> LiveDisplay {
    var display = LiveDisplay(columns: 80, rows: 17)
    display.show(Sample.many(count))
    return display
  }

  // MARK: - Order

  @Test func `the newest changes are on top`() {
    var display = display()
    #expect(display.numbers() == Array((91...100).reversed()))
    var snapshot = Sample.many(100, at: 1)
    snapshot.rows[41].lastChange = Sample.time(0.5)
    display.show(snapshot)
    #expect(display.numbers().first == 42)
  }

  @Test(arguments: [
    (1, [7, 6, 5, 4, 3, 2, 1]), (2, [5, 3, 7, 6, 4, 2, 1]), (3, [5, 2, 7, 4, 3, 1, 6]),
    (7, [2, 3, 4, 5, 6, 7, 1]),
  ])
  func `s goes through the orders, r turns them round`(presses: Int, reversed: [Int]) {
    var display = Sample.display(columns: 200, rows: 30)
    display.press(Array(repeating: .character("s"), count: presses))
    let usual = display.numbers()
    display.press(.character("r"))
    #expect(usual.count == 7)
    #expect(display.numbers() == reversed)
    #expect(display.numbers() == usual.reversed())
    display.press(.character("r"))
    #expect(display.numbers() == usual)
  }

  @Test func `every order says what it is, and S goes back`() {
    var display = Sample.display(columns: 200, rows: 30)
    var names: [String] = []
    repeat {
      names.append(display.lines().last ?? "")
      display.press(.character("s"))
    } while names.count < 50 && display.lines().last != names[0]
    #expect(names.count == 12)
    #expect(Set(names).count == 12)
    display.press(.character("S"))
    #expect(display.lines().last == names.last)
  }

  @Test func `the worst come first where findings are the order`() {
    var display = Sample.display(columns: 200, rows: 30)
    display.press(.character("S"))
    #expect(display.numbers().prefix(2) == [5, 3])
  }

  // MARK: - Selection

  @Test func `the selection stays on its connection while rows move`() {
    var display = display()
    display.press([.down, .down, .down])
    #expect(display.selectedLine() == 7)
    #expect(display.numbers()[2] == 98)
    display.show(Sample.many(104, at: 1))
    #expect(display.selectedLine() == 11)
    #expect(display.numbers()[6] == 98)
    // Far down it takes the screen along.
    display.show(Sample.many(200, at: 2))
    #expect(display.numbers() == Array((98...107).reversed()))
    #expect(display.selectedLine() == 14)
    display.press(.escape)
    #expect(display.selectedLine() == nil)
    #expect(display.numbers().first == 200)
  }

  @Test func `where the selected one goes, what stands in its place is selected`() {
    var display = display()
    display.press([.down, .down, .down])
    var snapshot = Sample.many(100, at: 1)
    snapshot.rows.remove(at: 97)
    display.show(snapshot)
    #expect(display.selectedLine() == 7)
    #expect(display.numbers()[2] == 97)
    display.show(LiveSnapshot(time: Sample.time(2), interface: "eth0"))
    #expect(display.selectedLine() == nil)
    display.press([.up, .down, .pageDown, .end, .home, .enter])
    #expect(display.numbers() == [])
    #expect(display.openLadder == nil)
  }

  @Test(arguments: [
    ([Key.down], 0), ([.up], 0), ([.down, .down], 1), ([.down, .down, .up], 0), ([.home], 0),
    ([.character("j"), .character("j"), .character("k")], 0), ([.character("g")], 0),
    ([.end], 99), ([.character("G")], 99), ([.end, .down], 99), ([.end, .up], 98),
    ([.pageDown], 10), ([.pageDown, .pageDown, .pageUp], 10), ([.control("f"), .control("b")], 0),
    ([.end, .pageDown], 99), ([.end, .home], 0),
  ])
  func `keys move the selection`(keys: [Key], place: Int) {
    var display = display()
    display.press(keys)
    guard let line = display.selectedLine() else {
      Issue.record("nothing is selected")
      return
    }
    #expect(display.numbers()[line - 5] == 100 - place)
  }

  // MARK: - Filter

  private func footer(_ display: inout LiveDisplay) -> String { display.lines().last ?? "" }

  @Test func `a filter shows what it shows while it is typed`() {
    var display = Sample.display(columns: 80, rows: 24)
    display.press(.character("/"))
    display.type("state:syn")
    #expect(display.numbers() == [3, 2])
    #expect(footer(&display) == "/state:syn")
    #expect(display.draw().cursor == Screen.Position(row: 23, column: 10))
    display.type("-sent")
    #expect(display.numbers() == [2])
    display.press(.enter)
    #expect(display.numbers() == [2])
    #expect(footer(&display).hasPrefix("/state:syn-sent  1–1 of 1 (7)"))
    #expect(display.draw().cursor == nil)
    display.press(.escape)
    #expect(display.numbers().count == 7)
  }

  @Test func `a mistake leaves what was shown, and the line open`() {
    var display = Sample.display(columns: 80, rows: 24)
    display.press(.character("/"))
    display.type("state:syn-s")
    display.type("x")
    #expect(footer(&display).contains("no state 'syn-sx': did you mean syn-sent?"))
    #expect(display.numbers() == [2])
    display.press(.enter)
    #expect(footer(&display).contains("no state"))
    display.press([.backspace, .enter])
    #expect(footer(&display).hasPrefix("/state:syn-s  "))
  }

  @Test func `escape brings the filter before it back`() {
    var display = Sample.display(columns: 80, rows: 24)
    display.press(.character("/"))
    display.type("port:443")
    display.press([.enter, .character("/"), .control("u")])
    display.type("state:nonsense")
    display.press(.escape)
    #expect(footer(&display).hasPrefix("/port:443  "))
    #expect(display.numbers() == [2, 5])
  }

  @Test func `a line can be edited anywhere`() {
    var display = Sample.display(columns: 80, rows: 24)
    display.press(.character("/"))
    display.type("one two thre")
    display.press([.control("w"), .home, .delete, .right, .character("é"), .end, .left, .backspace])
    #expect(footer(&display) == "/née tw")
    display.press([.home, .right, .control("k")])
    #expect(footer(&display) == "/n")
    display.press([.backspace, .backspace, .delete, .left, .right])
    #expect(footer(&display) == "/")
    display.type(String(repeating: "x", count: 500))
    display.press(.enter)
    #expect(footer(&display).count <= 80)
  }

  @Test func `a long line shows where its cursor is`() {
    var display = Sample.display(columns: 40, rows: 10)
    display.press(.character("/"))
    display.type(String(repeating: "a", count: 60) + "語")
    let screen = display.draw()
    #expect(screen.text(row: 9).hasSuffix("a語"))
    #expect(screen.cursor.map { $0.column < 40 } ?? false)
  }

  // MARK: - Pause, ladder, help, requests

  @Test func `while it is paused nothing moves, and then it is as it is by now`() {
    var display = display()
    display.press(.character("p"))
    #expect(display.lines()[0].contains("PAUSED"))
    display.show(Sample.many(120, at: 1))
    #expect(display.numbers().first == 100)
    display.press(.character(" "))
    #expect(display.numbers().first == 120)
    #expect(!display.lines()[0].contains("PAUSED"))
  }

  @Test func `enter asks for the ladder, and again when the connection changes`() {
    var display = display()
    #expect(display.neededLadder == nil)
    display.press([.down, .down, .enter])
    #expect(display.openLadder == 99)
    #expect(display.neededLadder == 99)
    display.showLadder(of: 98, ["another"])
    #expect(display.neededLadder == 99)
    display.showLadder(of: 99, ["one", "two"])
    #expect(display.neededLadder == nil)
    #expect(display.lines()[1...2] == ["one", "two"])
    display.show(Sample.many(101, at: 1))
    #expect(display.neededLadder == nil)
    var snapshot = Sample.many(101, at: 2)
    snapshot.rows[98].clientSent.packets += 1
    display.show(snapshot)
    #expect(display.neededLadder == 99)
    #expect(display.lines()[1...2] == ["one", "two"])
    display.showLadder(of: 99, ["one", "two", "three"])
    display.resize(columns: 60, rows: 20)
    #expect(display.neededLadder == 99)
    display.press(.escape)
    #expect(display.openLadder == nil)
    #expect(display.neededLadder == nil)
    #expect(display.numbers().contains(99))
  }

  @Test func `a ladder scrolls as far as it goes`() {
    var display = LiveDisplay(columns: 40, rows: 12)
    display.show(Sample.many(3))
    display.press(.enter)
    #expect(display.openLadder == 3)
    display.showLadder(of: 3, (1...25).map { "line \($0) " + String(repeating: "-", count: 60) })
    let first = { (display: inout LiveDisplay) in display.lines()[1].prefix(8) }
    #expect(first(&display) == "line 1 -")
    for (key, line) in [
      (Key.down, "line 2 -"), (.enter, "line 3 -"), (.pageDown, "line 13 "),
      (.pageDown, "line 16 "),
      (.down, "line 16 "), (.up, "line 15 "), (.pageUp, "line 5 -"), (.home, "line 1 -"),
      (.up, "line 1 -"), (.end, "line 16 "), (.character("k"), "line 15 "),
      (.character("g"), "line 1 -"), (.character("j"), "line 2 -"), (.character(" "), "line 12 "),
      (.right, "--------"), (.left, "line 12 "), (.left, "line 12 "),
    ] {
      display.press(key)
      #expect(first(&display) == line)
    }
    #expect(display.lines()[11].hasPrefix("12–21 of 25"))
    display.showLadder(of: 3, ["short"])
    #expect(display.lines()[1] == "short")
  }

  @Test(arguments: [Key.character("?"), .character("h")])
  func `help comes and goes`(key: Key) {
    var display = display()
    display.press(key)
    #expect(display.lines()[1].contains("select a connection"))
    display.press(.character("q"))
    #expect(display.takeRequest() == nil)
    #expect(display.numbers().first == 100)
  }

  @Test(arguments: [
    (Key.character("q"), LiveDisplay.Request.quit), (.control("c"), .quit),
    (.control("z"), .suspend), (.control("l"), .redraw),
  ])
  func `requests are made once`(key: Key, request: LiveDisplay.Request) {
    var display = display()
    display.press(key)
    #expect(display.takeRequest() == request)
    #expect(display.takeRequest() == nil)
  }

  @Test func `Ctrl-C ends it wherever it is, and q is a letter in a filter`() {
    for keys in [[Key.character("/")], [.enter], [.character("?")]] {
      var display = display()
      display.press(keys + [.control("c")])
      #expect(display.takeRequest() == .quit)
    }
    var display = display()
    display.press([.character("/"), .character("q")])
    #expect(display.takeRequest() == nil)
  }

  // MARK: - Sizes and strangers

  @Test func `every size can be drawn, and what is selected stays on the screen`() {
    var display = display()
    display.press(.pageDown)
    for columns in [1, 2, 11, 12, 39, 40, 79, 80, 99, 100, 200, 10_000] {
      for rows in [1, 2, 3, 4, 5, 11, 12, 50, 10_000] {
        display.resize(columns: columns, rows: rows)
        let screen = display.draw()
        #expect(screen.rows == min(rows, Screen.mostRows))
        if rows >= 4, columns >= 40 { #expect(display.selectedLine() != nil) }
      }
    }
    display.resize(columns: 80, rows: 17)
    #expect(display.selectedLine() != nil)
  }

  @Test func `hostile names cannot steer the terminal`() {
    var snapshot = Sample.many(3)
    snapshot.interface = "eth\u{1b}[2J0\n"
    snapshot.captureFilter = "\u{202e}port 1"
    snapshot.notice = "down\u{7}"
    snapshot.rows[0].findings = ["\u{1b}]0;x\u{7}"]
    snapshot.findings = [.init(id: "\u{9b}31m", severity: .error, count: 1)]
    var display = LiveDisplay(columns: 200, rows: 24)
    display.show(snapshot)
    display.press([.end, .character("/")])
    for character in "\u{200b}\u{301}語" { display.press(.character(character)) }
    let text = display.lines().joined()
    #expect(text.contains("eth\\u{1b}[2J0\\u{a}"))
    #expect(
      !text.unicodeScalars.contains {
        [.control, .format].contains($0.properties.generalCategory)
      })
  }

  @Test func `a clock that runs backwards and counters at their ends are shown`() {
    var display = LiveDisplay(columns: 200, rows: 24)
    var snapshot = Sample.many(2, at: 5)
    snapshot.frames = .max
    snapshot.bytes = .max
    snapshot.statistics = .init(
      received: .max, droppedByKernel: .max, droppedByInterface: .max)
    snapshot.rows[0].clientSent = .init(packets: .max, payload: .max)
    snapshot.rows[0].serverSent = .init(packets: .max, payload: .max)
    snapshot.rows[0].firstTime = .init(nanoseconds: .min)
    snapshot.rows[1].lastChange = .init(nanoseconds: .max)
    for seconds in [1.0, 9, -9, 20] {
      snapshot.time = Sample.time(seconds)
      display.show(snapshot)
      snapshot.frames = 5
      for _ in 0..<12 {
        display.press(.character("s"))
        #expect(display.numbers().count == 2)
      }
    }
  }

  @Test func `ten thousand connections are sorted and filtered at once`() throws {
    var display = LiveDisplay(columns: 200, rows: 50)
    display.show(Sample.many(10_000, at: 100))
    let clock = ContinuousClock()
    let elapsed = clock.measure {
      display.press(.character("/"))
      display.type("established")
      display.show(Sample.many(10_000, at: 101))
    }
    #expect(display.lines().last == "/established")
    // A dozen times in debug code on a busy machine; it takes a hundredth of that in a release build.
    #expect(elapsed < .seconds(60))
  }
}
