import Foundation
import ProcessControl

/// Processes that watch signals, each in a way of its own.
enum Watching {
  static func run(_ how: String) {
    watch(how)
    guard how == "over" else { return }
    ProcessProbe.say("over")
    sleep(60)
  }

  private static func watch(_ how: String) {
    guard let watch = SignalWatch() else { ProcessProbe.fail("cannot watch") }
    // There is one at a time.
    guard SignalWatch() == nil else { ProcessProbe.fail("two watches") }
    ProcessProbe.say("watching")
    switch how {
    case "once": untilStops(1, watch)
    case "twice": untilStops(2, watch)
    case "busy":
      _ = next(watch)
      beBusy()
    case "deaf": beBusy()
    case "child": ProcessProbe.run(["/bin/cat", "/proc/self/status"])
    case "over": break
    case "input": untilInputEnds(watch)
    case "terminal": inTerminal(watch)
    default: ProcessProbe.fail("unknown way to watch")
    }
    withExtendedLifetime(watch) {}
  }

  private static func untilStops(_ count: Int, _ watch: SignalWatch) {
    var left = count
    while left > 0 {
      if !next(watch).isDisjoint(with: .stop) { left -= 1 }
    }
    ProcessProbe.say("ended")
  }

  /// Says what comes from standard input too.
  private static func untilInputEnds(_ watch: SignalWatch) {
    while true {
      let arrival = watch.wait(beside: [STDIN_FILENO, -1], milliseconds: nil)
      say(arrival.signals)
      guard arrival.isReady == [true, false] else { continue }
      let bytes = FileHandle.standardInput.availableData
      guard !bytes.isEmpty else { return ProcessProbe.say("input ended") }
      ProcessProbe.say("input " + String(decoding: bytes, as: UTF8.self).dropLast())
    }
  }

  private static func inTerminal(_ watch: SignalWatch) {
    ProcessProbe.say("pid \(ProcessInfo.processInfo.processIdentifier)")
    guard watch.noteTerminal(STDOUT_FILENO, undoneBy: "<leave the screen>") else {
      ProcessProbe.fail("no terminal")
    }
    // In a process group in the background, as children of Foundation's are, changing the terminal
    // would stop the process (SIGTTOU).
    ProcessProbe.run(["/bin/sh", "-c", "trap '' TTOU; stty -echo"])
    ProcessProbe.run(["/bin/stty", "-a"])
    beBusy()
  }

  // MARK: - Pieces

  /// The next signals, which it says too.
  private static func next(_ watch: SignalWatch) -> ArrivedSignals {
    let signals = watch.wait(beside: [], milliseconds: 60_000).signals
    say(signals)
    return signals
  }

  private static func say(_ signals: ArrivedSignals) {
    for (signal, name) in names where signals.contains(signal) { ProcessProbe.say(name) }
  }

  private static let names: [(ArrivedSignals, String)] = [
    (.interrupt, "interrupt"), (.terminate, "terminate"), (.hangUp, "hangUp"), (.user1, "user1"),
    (.windowChange, "windowChange"), (.continue, "continue"),
  ]

  /// Looks at nothing for a minute, whatever interrupts it.
  private static func beBusy() {
    ProcessProbe.say("busy")
    var left: UInt32 = 60
    while left > 0 { left = sleep(left) }
  }
}
