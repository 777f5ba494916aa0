import Foundation
import Glibc
import LiveView
import Testing
import TraceScript

/// One after the other, since a process has one session at a time.
@Suite(.serialized)
struct TerminalSessionTests {
  private let terminal: PseudoTerminal

  init() throws {
    terminal = try #require(PseudoTerminal(columns: 60, rows: 10))
  }

  private func session() throws -> TerminalSession {
    try TerminalSession(input: terminal.program, output: terminal.program, usesColor: false)
  }

  private static let entering = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l"
  private static let leaving = "\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

  @Test func `the terminal is taken and given back`() throws {
    #expect(terminal.isCooked)
    let session = try session()
    #expect(!terminal.isCooked)
    #expect(session.size == (60, 10))
    #expect(terminal.written() == Self.entering)
    session.leave()
    #expect(terminal.isCooked)
    #expect(terminal.written() == Self.leaving)
    // Nothing is written to a terminal that was given back.
    session.show(Screen(columns: 60, rows: 10))
    session.leave()
    #expect(terminal.written() == "")
  }

  @Test func `what goes away gives it back`() throws {
    do {
      _ = try session()
    }
    #expect(terminal.isCooked)
    #expect(terminal.written().hasSuffix(Self.leaving))
  }

  @Test func `a handler of signals can give it back`() throws {
    let session = try session()
    TerminalSession.restore()
    #expect(terminal.isCooked)
    #expect(terminal.written() == Self.entering + Self.leaving)
    session.leave()
    #expect(terminal.written() == "")
  }

  @Test func `there is one session at a time, and only with a terminal`() throws {
    let first = try session()
    #expect(throws: TerminalSession.Failure.isTaken) { try session() }
    first.leave()
    let second = try session()
    // The terminal is no longer the first one's to give back.
    first.leave()
    #expect(!terminal.isCooked)
    second.leave()
    let file = try #require(FileHandle(forReadingAtPath: "/dev/null"))
    #expect(throws: TerminalSession.Failure.noTerminal) {
      try TerminalSession(
        input: file.fileDescriptor, output: terminal.program, usesColor: false)
    }
    #expect(terminal.isCooked)
  }

  @Test func `a screen is written once, and whole when it must be`() throws {
    let session = try session()
    defer { session.leave() }
    var screen = Screen(columns: 60, rows: 10)
    screen.put("hello", row: 2, column: 3)
    session.show(screen)
    #expect(terminal.written().contains("\u{1b}[3;4Hhello"))
    session.show(screen)
    #expect(terminal.written() == "")
    session.redraw()
    session.show(screen)
    #expect(terminal.written().contains("\u{1b}[2J\u{1b}[3;4Hhello"))
  }

  @Test func `keys come as they are typed`() throws {
    let session = try session()
    defer { session.leave() }
    terminal.type(Array("q\u{1b}[A\u{3}\u{1a}é".utf8))
    #expect(
      session.next(waitingMilliseconds: 5_000) == [
        .key(.character("q")), .key(.up), .key(.control("c")), .key(.control("z")),
        .key(.character("é")),
      ])
    #expect(session.next(waitingMilliseconds: 0) == [])
  }

  @Test func `escape is told after a pause`() throws {
    let session = try session()
    defer { session.leave() }
    terminal.type([0x1b])
    #expect(session.next(waitingMilliseconds: 5_000) == [.key(.escape)])
  }

  @Test func `another size is told once`() throws {
    let session = try session()
    defer { session.leave() }
    terminal.resize(columns: 100, rows: 40)
    #expect(session.next(waitingMilliseconds: 0) == [.resized(columns: 100, rows: 40)])
    #expect(session.next(waitingMilliseconds: 0) == [])
    #expect(session.size == (100, 40))
  }

  @Test func `signals and other threads end the waiting`() throws {
    let session = try session()
    defer { session.leave() }
    let clock = ContinuousClock()
    let wakes: [@Sendable () -> Void] = [
      { TerminalSession.wake() }, { _ = kill(getpid(), SIGWINCH) },
    ]
    for wake in wakes {
      Thread { wake() }.start()
      let elapsed = clock.measure { #expect(session.next(waitingMilliseconds: 60_000) == []) }
      #expect(elapsed < .seconds(30))
    }
  }

  @Test func `after a stop the terminal is set up again`() throws {
    let session = try session()
    defer { session.leave() }
    session.show(Screen(columns: 60, rows: 10))
    _ = terminal.written()
    _ = kill(getpid(), SIGCONT)
    _ = session.next(waitingMilliseconds: 5_000)
    #expect(terminal.written() == Self.entering)
    session.show(Screen(columns: 60, rows: 10))
    #expect(terminal.written().contains("\u{1b}[2J"))
  }

  @Test func `a terminal that is gone is told`() throws {
    let session = try session()
    terminal.hangUp()
    #expect(session.next(waitingMilliseconds: 5_000).last == .closed)
    session.show(Screen(columns: 60, rows: 10))
    #expect(session.next(waitingMilliseconds: 60_000) == [.closed])
    session.leave()
  }
}

/// What a terminal makes of the bytes, which tmux is.
struct RealTerminalTests {
  private static let tmux = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Writes each file `*.ansi` to a terminal, and waits until that shows what stands in the `*.txt` beside it.
  ///
  /// The server ends with the script, which otherwise would never be seen to end.
  private static let script = """
    on() { "$TMUX_PROGRAM" -f tmux.conf -S socket "$@"; }
    trap 'on kill-server' EXIT
    on new-session -d -x "$COLUMNS" -y "$LINES" -s idle 'sleep 600'
    for file in *.ansi; do
      name=${file%.ansi}
      on new-session -d -x "$COLUMNS" -y "$LINES" -s "$name" "cat $file; sleep 600"
      for attempt in $(seq 600); do
        on capture-pane -p -t "$name" | sed 's/ *$//' > "$name.shown"
        cmp -s "$name.txt" "$name.shown" && break
        sleep 0.1
      done
    done
    """

  @Test(.enabled(if: tmux != nil, "needs tmux"), arguments: [(80, 24), (40, 10), (200, 50)])
  func `a terminal shows the screens that follow each other`(columns: Int, rows: Int) throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("tmux.conf", Array("set -g status off\n".utf8))
    var display = LiveDisplay(columns: columns, rows: rows)
    var screens: [Screen] = []
    for snapshot in [Sample.story.before, Sample.story.after, Sample.many(30, at: 3)] {
      display.show(snapshot)
      screens.append(display.draw())
    }
    display.press([.down, .down, .character("/")])
    display.type("日本 port:8080 👩é")
    screens.append(display.draw())
    display.press([.escape, .enter])
    display.showLadder(of: 29, ["SYN ──▶", "◀── 日本", "\u{1b}[31mred", "last"])
    screens.append(display.draw())

    var bytes = Array("\u{1b}[?1049h\u{1b}[?7l".utf8)
    for (index, screen) in screens.enumerated() {
      bytes += screen.changes(from: index > 0 ? screens[index - 1] : nil, usesColor: true)
      _ = try folder.file("\(index).ansi", bytes)
      let text = (0..<rows).map { screen.text(row: $0) + "\n" }.joined()
      _ = try folder.file("\(index).txt", Array(text.utf8))
    }
    try showInTerminal(columns, rows, in: folder.path)
    for index in screens.indices {
      let shown = try String(contentsOfFile: "\(folder.path)/\(index).shown", encoding: .utf8)
      let expected = try String(contentsOfFile: "\(folder.path)/\(index).txt", encoding: .utf8)
      #expect(shown == expected)
    }
  }

  private func showInTerminal(_ columns: Int, _ rows: Int, in folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", Self.script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = [
      "TMUX_PROGRAM": try #require(Self.tmux), "COLUMNS": "\(columns)", "LINES": "\(rows)",
      // So that it draws what is no ASCII as it is.
      "LC_ALL": "C.UTF-8", "TERM": "xterm", "PATH": "/usr/bin:/bin",
    ]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
