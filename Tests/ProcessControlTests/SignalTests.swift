import Foundation
import Testing

/// What signals do to a process that watches them: real ones, sent by the shell.
struct SignalTests {
  private static let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
  private let probe: Probe

  /// Starts the probe, waits until it watches, and has ways to wait for what it says.
  private let start = """
    has() { for i in $(seq 2500); do grep -qax "$1" out && return; sleep 0.02; done; echo "no $1"; }
    watch() { "$PROBE" watch "$@" > out 2>&1 < /dev/null & pid=$!; has watching; }
    end() { wait $pid; echo "status $?"; cat out; }

    """

  init() throws {
    probe = try Probe()
  }

  @Test(arguments: [("INT", "interrupt"), ("TERM", "terminate"), ("HUP", "hangUp")])
  func `a signal that asks for an end lets the process end in its own way`(
    signal: String, name: String
  ) throws {
    let outcome = try probe.shell(start + "watch once; kill -\(signal) $pid; end")
    #expect(outcome.lines == ["status 0", "watching", "\(name)", "ended"])
  }

  @Test(arguments: [("USR1", "user1"), ("WINCH", "windowChange"), ("CONT", "continue")])
  func `other signals are told, one after the other, and the process goes on`(
    signal: String, name: String
  ) throws {
    let outcome = try probe.shell(
      start + "watch once; kill -\(signal) $pid; has \(name); kill -TERM $pid; end")
    #expect(outcome.lines == ["status 0", "watching", "\(name)", "terminate", "ended"])
  }

  @Test func `a process that was stopped is told that it goes on`() throws {
    let outcome = try probe.shell(
      start + "watch once; kill -STOP $pid; kill -CONT $pid; has continue; kill -INT $pid; end")
    #expect(outcome.lines == ["status 0", "watching", "continue", "interrupt", "ended"])
  }

  @Test(arguments: ["INT", "TERM", "HUP"])
  func `a second SIGINT ends the process at once, even one that does not look`(first: String)
    throws
  {
    // It looks at the first one, and never again.
    let outcome = try probe.shell(
      start + "watch busy; kill -\(first) $pid; has busy; sleep 0.2; kill -INT $pid; end")
    #expect(outcome.lines.first == "status 130")
    #expect(!outcome.output.contains("ended"))
  }

  @Test func `SIGINT ends at once a process that never looked at a first one`() throws {
    let outcome = try probe.shell(
      start + "watch deaf; has busy; kill -INT $pid; sleep 0.2; kill -INT $pid; end")
    #expect(outcome.lines == ["status 130", "watching", "busy"])
  }

  @Test func `another SIGTERM ends nothing at once`() throws {
    let outcome = try probe.shell(
      start + "watch twice; kill -TERM $pid; has terminate; sleep 0.2; kill -TERM $pid; end")
    #expect(outcome.lines == ["status 0", "watching", "terminate", "terminate", "ended"])
  }

  /// It signals the process, and then the group that the process is in.
  @Test func `timeout sends one SIGINT`() throws {
    let outcome = try probe.shell("timeout --signal=INT 3 \"$PROBE\" watch once < /dev/null")
    #expect(outcome.status == 124)
    #expect(outcome.lines.first == "watching")
    #expect(outcome.lines.last == "ended")
  }

  @Test func `SIGHUP stays ignored under nohup`() throws {
    let outcome = try probe.shell(
      "(trap '' HUP; " + start
        + "watch once; kill -HUP $pid; sleep 0.2; kill -USR1 $pid; has user1; kill -TERM $pid; end)"
    )
    #expect(outcome.lines == ["status 0", "watching", "user1", "terminate", "ended"])
  }

  @Test func `signals that were blocked when the process started come all the same`() throws {
    let outcome = try probe.shell(
      """
      \(start)
      env --block-signal=INT,USR1,TERM "$PROBE" watch once > out & pid=$!; has watching
      kill -USR1 $pid; has user1; kill -TERM $pid; end
      """)
    #expect(outcome.lines == ["status 0", "watching", "user1", "terminate", "ended"])
  }

  @Test func `programs that are started meanwhile get signals as ever`() throws {
    let outcome = try probe.shell("\"$PROBE\" watch child")
    // SIGHUP, SIGINT, SIGUSR1, SIGTERM, SIGCONT and SIGWINCH.
    let watched = [1, 2, 10, 15, 18, 28].reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
    for set in ["SigBlk", "SigCgt"] {
      let line = try #require(outcome.lines.first { $0.hasPrefix("\(set):\t") })
      let signals = try #require(UInt64(line.dropFirst(set.count + 2), radix: 16))
      #expect(signals & watched == 0, "\(line)")
    }
  }

  @Test func `afterwards signals do what they did before`() throws {
    let outcome = try probe.shell(
      start + "watch over; has over; kill -TERM $pid; end")
    #expect(outcome.lines == ["status 143", "watching", "over"])
  }

  @Test func `a descriptor is waited for at the same time`() throws {
    let outcome = try probe.shell(
      """
      mkfifo in; "$PROBE" watch input > out < in & pid=$!
      exec 3> in
      for i in $(seq 2500); do grep -q watching out && break; sleep 0.02; done
      kill -USR1 $pid; for i in $(seq 2500); do grep -q user1 out && break; sleep 0.02; done
      echo hello >&3; for i in $(seq 2500); do grep -q hello out && break; sleep 0.02; done
      exec 3>&-; wait $pid; echo "status $?"; cat out
      """)
    #expect(outcome.lines == ["status 0", "watching", "user1", "input hello", "input ended"])
  }

  @Test(.enabled(if: hasScript))
  func `the terminal is as it was before a second SIGINT ends the process`() throws {
    let outcome = try probe.shell(
      """
      cat > inside << 'END'
      stty -a
      "$PROBE" watch terminal
      echo "status $?"
      stty -a
      END
      script --quiet --command "bash inside" typescript < /dev/null > out &
      for i in $(seq 2500); do grep -qa busy out && break; sleep 0.02; done
      pid=$(tr -d '\\r' < out | sed -n 's/^pid //p')
      kill -INT $pid; sleep 0.2; kill -INT $pid; wait; cat out
      """)
    let words = outcome.output.split(whereSeparator: \.isWhitespace)
    let told = words.filter { ["echo", "-echo", "busy", "130"].contains($0) }
    #expect(told == ["echo", "-echo", "busy", "130", "echo"], "\(outcome.output)")
    #expect(outcome.output.contains("<leave the screen>status 130"))
  }
}
