import Foundation
import Testing
import TraceScript

/// `synfin live`, in networks of its own.
struct LiveTests {
  static let canMakeNetworks =
    (try? Tool.shell("unshare --net ip link set lo up").status) == 0
  private static let hasTmux = (try? Tool.shell("command -v tmux").status) == 0
  static let needsRoot: Comment = "needs root to make a network, with unshare and ip"
  /// More of them measure, fewer test.
  private static let connections =
    ProcessInfo.processInfo.environment["SYNFIN_LIVE_CONNECTIONS"].flatMap { Int($0) } ?? 2_000

  /// A network that has but a loopback interface, a folder, and what scripts need there: `capture …` begins to
  /// capture in the background and waits until it does, `stop SIGNAL` ends that and tells its status, `traffic
  /// COUNT` opens connections, `refused` one that nobody accepts.
  func inNetwork(_ script: String) throws -> Tool.Outcome {
    let beginning = """
      set -e; cd "$(mktemp -d)"; export SYNFIN TRAFFIC; chmod 777 .
      cat > script <<'END'
      ip link set lo up
      $TRAFFIC serve 127.0.0.1 8000 2 > ready & server=$!
      while ! grep -q ready ready; do sleep 0.02; done
      capture() {
        $SYNFIN live -i lo "$@" > out 2> err & capture=$!
        while ! grep -q "went on" err; do
          kill -0 $capture 2> /dev/null || { cat err; return 0; }
          sleep 0.02
        done
        sleep 0.3
      }
      stop() { kill -$1 $capture; wait $capture; echo "status $?"; }
      traffic() { $TRAFFIC open 127.0.0.1 8000 2 $1; }
      refused() { (exec 3<> /dev/tcp/127.0.0.1/9) 2> /dev/null || true; }

      """
    let ending = """

      kill $server
      END
      # Whatever it leaves running ends with it: a test would wait for that too.
      timeout -k 1 120 unshare --net --pid --mount-proc --fork --kill-child bash script || exit_status=$?
      rm -rf "$PWD"; exit $exit_status
      """
    return try Tool.shell(beginning + script + ending)
  }

  func records(_ text: some StringProtocol) throws -> [[String: Any]] {
    try text.split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }

  // MARK: - What does not work

  @Test func `an interface that is not there is named with those that are`() throws {
    let outcome = try Tool.run(["live", "-i", "lp"])
    #expect(outcome.status == 2 && outcome.output == "")
    #expect(outcome.errors.contains("'lp'") && outcome.errors.contains("lo"))
  }

  @Test(arguments: [
    ["--on", "half-open"], ["--on", "capture-drops", "--save-last", "1s", "."], ["-w", "-"],
    ["--on", "half-open-handshake"], ["--save-last", "30s", "."],
    ["--rotate-size", "1M"], ["--write", "x", "--keep", "2"], ["--count", "0"],
    ["--duration", "soon"], ["--metrics", "example.org:80"], ["--snap-length", "10"],
    ["--direction", "up"], ["--lines", "--format", "ndjson"],
  ])
  func `options that make no sense are wrong usage`(options: [String]) throws {
    #expect(try Tool.run(["live", "-i", "lo"] + options).status == 64)
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `a filter with a mistake is wrong usage, and whoever may not capture is told what to do`()
    throws
  {
    let filter = try inNetwork("$SYNFIN live -i lo -f 'tcp prot 80' || echo status $?")
    #expect(filter.output.contains("status 64"))
    #expect(filter.errors.contains("tcp prot 80"))
    #expect(filter.errors.contains("Usage: synfin live"))
    #expect(filter.errors.contains("See 'synfin live --help'"))
    let tag = try inNetwork("$SYNFIN live -i any -f 'vlan 5' || echo status $?")
    #expect(tag.output.contains("status 64"))
    #expect(
      tag.errors.contains("no VLAN support") && tag.errors.contains("capture on the interface"))
    let mistake = try inNetwork("$SYNFIN live -i any -f 'vlam 5' || true")
    #expect(!mistake.errors.contains("capture on the interface"))
    let nobody = try inNetwork(
      """
      cp $SYNFIN tool; chmod 755 tool
      setpriv --reuid 65534 --regid 65534 --clear-groups ./tool live -i lo || echo status $?
      """)
    #expect(nobody.output.contains("status 2"))
    #expect(nobody.errors.contains("sudo") && nobody.errors.contains("setcap"))
  }

  // MARK: - What is told

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `all that the kernel opens and closes is told, as it is of the file`() throws {
    let count = Self.connections
    let outcome = try inNetwork(
      """
      sysctl -qw net.ipv4.ip_local_port_range='1024 65535' net.ipv4.tcp_max_tw_buckets=300000
      # Silence after the last frame, which no file shows, proves some arrivals.
      plain() { sed 's/"capture":"[^"]*",//; s/"evidence":"presumed"/"evidence":"confirmed"/g'; }
      capture --format ndjson -w all.pcap; traffic \(count); sleep 0.5; stop INT
      grep '^Tcp:' /proc/net/snmp | tail -1; ss -Htan state time-wait | wc -l
      tail -1 out; grep -c '"type":"transition"' out
      grep '"type":"connection"' out | plain | sort > live
      $SYNFIN all.pcap --format ndjson | grep '"type":"connection"' | plain | sort > file
      cmp live file && wc -l < live
      """)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.lines
    #expect(lines[0] == "status 0")
    // ActiveOpens and PassiveOpens, then what failed: AttemptFails and EstabResets.
    let kernel = lines[1].split(separator: " ").dropFirst(5).prefix(4).compactMap { Int($0) }
    #expect(kernel == [count, count, 0, 0])
    #expect(Int(lines[2]) == count)
    let summary = try #require(try records(lines[3]).first)
    let connections = try #require(summary["connections"] as? [String: Any])
    #expect(connections["count"] as? Int == count)
    #expect(connections["handshake"] as? [String: Int] == ["complete": count])
    #expect(connections["close"] as? [String: Int] == ["complete": count])
    let packets = try #require(summary["packets"] as? [String: Any])
    #expect(packets["dropped"] == nil, "the kernel has dropped frames")
    // Five states of the client, from SYN-SENT to TIME-WAIT, and six of the server.
    #expect(Int(lines[4]).map { $0 >= 10 * count } == true)
    #expect(Int(lines[5]) == count)
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `a line an event, findings among them, and statistics when they are asked for`() throws {
    let outcome = try inNetwork(
      "capture --stats 1h; traffic 1; refused; sleep 0.4; kill -USR1 $capture; sleep 0.3; cat out; stop TERM"
    )
    let lines = outcome.lines
    #expect(lines.contains { $0.hasSuffix("client ESTABLISHED") })
    #expect(lines.contains { $0.contains("opened: three-way") })
    #expect(lines.contains { $0.hasSuffix("client TIME-WAIT") })
    #expect(lines.contains { $0.hasSuffix("  closed: client first") })
    #expect(lines.contains { $0.hasSuffix("  closed: reset by the server") })
    #expect(lines.contains { $0.contains("warning connection-refused: The server refused") })
    let statistics = lines.filter { $0.contains(" received, 0 dropped by the kernel") }
    #expect(statistics.count == 1)
    #expect(statistics.first?.contains("1 TIME-WAIT/CLOSED") == true)
    #expect(lines.contains("status 0"))
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `that nothing answers is told while the client still tries`() throws {
    let outcome = try inNetwork(
      """
      ip link add left type veth peer name right; ip link set left up; ip link set right up
      ip address add 192.0.2.1/24 dev left
      ip neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev left nud permanent
      $SYNFIN live -i left > out 2> err & capture=$!
      while ! grep -q "went on" err; do sleep 0.02; done; sleep 0.3
      (exec 3<> /dev/tcp/192.0.2.9/80) 2> /dev/null & client=$!
      for i in $(seq 80); do grep -q 'warning syn-unanswered' out && break; sleep 0.1; done
      kill -0 $client && grep -c 'warning syn-unanswered' out; kill $client; grep -c '  over (' out || true
      kill $capture; wait $capture; grep -c 'warning syn-unanswered' out
      """)
    // Told once, and the connection is over when the capture is.
    #expect(outcome.lines.prefix(3) == ["1", "0", "1"], "\(outcome.output) \(outcome.errors)")
  }

  // MARK: - How it ends

  @Test(
    .enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot),
    arguments: [
      ("capture -w w.pcap -c 20 --format ndjson; traffic 9; wait $capture; echo status $?", 20),
      (
        "capture -w w.pcap --duration 2s --format ndjson; traffic 9; wait $capture; echo status $?",
        90
      ),
      ("capture -w w.pcap --format ndjson; traffic 9; stop INT", 90),
      ("capture -w w.pcap --format ndjson; traffic 9; stop TERM", 90),
      ("capture -w w.pcap --format ndjson; traffic 9; stop HUP", 90),
    ])
  func `however it ends, what is open is reported and the file is whole`(
    script: String, frames: Int
  ) throws {
    let outcome = try inNetwork(
      script + "\ntail -1 out; $SYNFIN w.pcap --format ndjson | tail -1")
    #expect(outcome.lines.first == "status 0")
    let summaries = try records(outcome.lines.dropFirst().joined(separator: "\n"))
    #expect(summaries.count == 2)
    for summary in summaries {
      #expect(summary["type"] as? String == "summary")
      #expect(summary["complete"] as? Bool == true)
      #expect((summary["packets"] as? [String: Any])?["read"] as? Int == frames)
    }
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `who is killed leaves a capture that can be read`() throws {
    let outcome = try inNetwork(
      """
      capture -w w.pcap; traffic 50; sleep 1.6; kill -KILL $capture; wait $capture || echo status $?
      $SYNFIN w.pcap --format ndjson | tail -1
      """)
    #expect(outcome.lines.first == "status 137")
    let summary = try #require(try records(outcome.lines[1]).first)
    #expect(summary["complete"] as? Bool == true)
    #expect((summary["packets"] as? [String: Any])?["read"] as? Int == 500)
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `when the interface goes away, all so far is reported`() throws {
    let outcome = try inNetwork(
      """
      ip link add left type veth peer name right; ip link set left up; ip link set right up
      ip address add 192.0.2.1/24 dev left
      $SYNFIN live -i left --format ndjson > out 2> err & capture=$!
      while ! grep -q "went on" err; do sleep 0.02; done; sleep 0.3
      (exec 3<> /dev/tcp/192.0.2.9/80) 2> /dev/null & sleep 0.5
      ip link delete left; wait $capture || echo status $?
      grep -v 'went on' err; tail -1 out
      """)
    #expect(outcome.lines.first == "status 2")
    #expect(outcome.output.contains("left"))
    let summary = try #require(
      try records(outcome.lines.last { $0.hasPrefix("{") } ?? "").first)
    #expect(summary["complete"] as? Bool == false)
    #expect(
      (summary["error"] as? String)?.hasPrefix("the interface 'left' has disappeared") == true)
    #expect(!outcome.output.contains("file-damaged"))
    let lines = try inNetwork(
      """
      ip link add left type veth peer name right; ip link set left up; ip link set right up
      $SYNFIN live -i left > out 2> err & capture=$!
      while ! grep -q "went on" err; do sleep 0.02; done; sleep 0.3
      ip link delete left; wait $capture || true; cat out
      """)
    #expect(
      lines.lines.contains(
        "Incomplete: the interface 'left' has disappeared; the frames before were read."))
    #expect(!lines.output.contains("could not be read"))
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `when the file cannot be written, all so far is reported as what is not complete`() throws {
    let outcome = try inNetwork(
      """
      mount -t tmpfs -o size=16k none /mnt
      capture --format ndjson -w /mnt/w.pcap; traffic 200; wait $capture || echo status $?
      grep -v 'went on' err; tail -1 out
      """)
    #expect(outcome.lines.first == "status 74", "\(outcome.errors)")
    #expect(outcome.output.contains("No space left"))
    let summary = try #require(
      try records(outcome.lines.last { $0.hasPrefix("{") } ?? "").first)
    #expect(summary["complete"] as? Bool == false)
    #expect((summary["error"] as? String)?.contains("w.pcap") == true)
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `who does not read keeps neither the capture nor a signal waiting`() throws {
    // The pipe is full after a few connections; the capture goes on.
    let outcome = try inNetwork(
      """
      mkfifo pipe; exec 4<> pipe
      $SYNFIN live -i lo --format ndjson -w w.pcap > pipe 2> err & capture=$!
      while ! grep -q "went on" err; do sleep 0.02; done; sleep 0.3
      traffic 300
      all() { $SYNFIN w.pcap --format ndjson 2> err2 | tail -1 | grep -o '"read":3000,'; }
      for i in $(seq 40); do all && break; sleep 0.5; done
      begin=$(date +%s%N); kill -TERM $capture; wait $capture || echo status $?
      echo $((($(date +%s%N) - begin) / 1000000)); grep 'are lost' err
      """)
    try #require(outcome.lines.count >= 4, "\(outcome.output) \(outcome.errors)")
    #expect(outcome.lines[0] == #""read":3000,"#)
    #expect(outcome.lines[1] == "status 74")
    #expect(Int(outcome.lines[2]).map { $0 < 3_000 } == true, "\(outcome.lines[2]) ms")
    #expect(outcome.lines[3].contains("nobody reads the output"))
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `who reads late gets all of it`() throws {
    let outcome = try inNetwork(
      """
      mkfifo pipe; exec 4<> pipe
      $SYNFIN live -i lo --format ndjson --duration 2s > pipe 2> err & capture=$!
      while ! grep -q "went on" err; do sleep 0.02; done; sleep 0.3
      traffic 300; sleep 3
      timeout 20 grep -m 1 -c '"type":"summary"' < pipe; wait $capture || echo status $?
      """)
    #expect(outcome.lines.prefix(1) == ["1"], "\(outcome.output) \(outcome.errors)")
    #expect(!outcome.output.contains("status"))
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `frames that are cut as they are to be are no fault`() throws {
    let outcome = try inNetwork(
      """
      $TRAFFIC serve 127.0.0.1 8100 1 > ready2 & other=$!
      capture --format ndjson -s 68; traffic 3; sleep 0.3; stop INT; kill $other
      grep -c frame-truncated out; grep -c '"type":"connection"' out
      """)
    #expect(outcome.lines.prefix(3) == ["status 0", "0", "3"], "\(outcome.output)")
  }

  // MARK: - On a terminal

  @Test(
    .enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot),
    .enabled(if: LiveTests.hasTmux, "needs tmux, a terminal that a test can look at"))
  func `a terminal shows connections, a ladder, and is given back`() throws {
    let outcome = try inNetwork(
      """
      export TMUX_TMPDIR=$PWD TERM=xterm; unset TMUX
      tmux -f /dev/null new-session -d -x 120 -y 24 "$SYNFIN live -i lo 2> err; echo status \\$?; sleep 60"
      screen() { tmux capture-pane -p > screen; }
      show() { for i in $(seq 600); do screen; grep -q "$1" screen && return; sleep 0.1; done; cat screen; }
      show 'client'
      traffic 2; refused; show connection-refused; cat screen; echo ==
      tmux send-keys Enter; show 'in SYN-SENT'; cat screen; echo ==
      tmux send-keys q; tmux send-keys / port:8000 Enter; sleep 0.5; screen; cat screen; echo ==
      tmux send-keys q; show 'status'; cat screen; tmux kill-server
      """)
    let screens = outcome.output.components(separatedBy: "==\n")
    try #require(screens.count == 4, "\(outcome.output) \(outcome.errors)")
    #expect(screens[0].contains("TIME-WAIT") && screens[0].contains("connection-refused"))
    #expect(screens[1].contains("─ SYN seq 0") && screens[1].contains("Refused: a RST"))
    #expect(screens[2].contains("127.0.0.1:8000") && !screens[2].contains("127.0.0.1:9 "))
    #expect(screens[3].contains("3 connections: 2 opened, 1 refused.\n"))
    #expect(screens[3].contains("status 0"))
  }
}
