import Foundation
import Testing
import TraceScript

/// What a capture leaves behind: files, and what it serves while it runs.
extension LiveTests {
  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `files are rotated, and a finding saves what came before it`() throws {
    let outcome = try inNetwork(
      """
      mkdir saved
      capture -w r.pcap --rotate-size 4K --keep 2 --on connection-refused --save-last 10s saved
      traffic 30; refused; sleep 0.4; refused; sleep 0.4; stop INT
      ls r*.pcap | wc -l; ls saved | wc -l
      for file in r*.pcap saved/connection-refused*.pcap; do $SYNFIN $file > /dev/null || echo bad; done
      $SYNFIN saved/*.pcap | grep -c refused
      """)
    // The second one within the ten seconds is saved at the end.
    #expect(outcome.lines.prefix(3) == ["status 0", "2", "2"])
    #expect(!outcome.output.contains("bad"))
    #expect(outcome.lines.count >= 4 && outcome.lines[3] != "0")
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `a finding whose frames are too old to be kept saves nothing, and says so`() throws {
    let outcome = try inNetwork(
      """
      mkdir saved
      ip link add quiet type veth peer name deaf; ip link set quiet up; ip link set deaf up
      ip address add 192.0.2.1/24 dev quiet
      ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev quiet
      $SYNFIN live -i quiet -f tcp --duration 7s --on syn-unanswered --save-last 1s saved > out 2> err & capture=$!
      for i in $(seq 600); do grep -q "went on" err && break; sleep 0.02; done; sleep 0.3
      timeout -s KILL 0.5 bash -c 'exec 3<> /dev/tcp/192.0.2.2/9' 2> /dev/null || true
      wait $capture; echo "status $?"; ls saved | wc -l; grep -c "nothing is saved for 'syn-unanswered'" err
      """)
    #expect(outcome.lines.prefix(3) == ["status 0", "0", "1"])
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `a finding that cannot be saved is told at once, and in the exit status`() throws {
    let outcome = try inNetwork(
      """
      mkdir saved
      capture --on connection-refused --save-last 10s saved
      rmdir saved; refused; for i in $(seq 100); do grep -q "saved/" err && break; sleep 0.1; done
      grep -c "saved/" err; traffic 2; stop INT; grep -c "saved/" err; grep -c "complete" out
      """)
    #expect(
      outcome.lines.prefix(4) == ["1", "status 74", "1", "2"],
      "\(outcome.output) \(outcome.errors)")
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `a scan is told, counted and saved while it goes on, and told again when all is over`()
    throws
  {
    let outcome = try inNetwork(
      """
      mkdir saved
      capture --format ndjson --metrics 9911 --on scan-connect --save-last 10s saved
      for port in $(seq 101 260); do (exec 3<> /dev/tcp/127.0.0.1/$port) 2> /dev/null || true; done
      for i in $(seq 80); do grep -q '"ongoing":true' out && break; sleep 0.1; done
      found() {
        exec 3<> /dev/tcp/127.0.0.1/9911; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3
        grep -a 'findings_total.*scan-connect.* 1$' <&3 && exec 3>&-
      }
      for i in $(seq 30); do found > metric && break; sleep 0.3; done
      ls saved; cat metric
      stop INT; grep '"id":"scan-connect"' out
      """)
    try #require(outcome.lines.count >= 5, "\(outcome.output) \(outcome.errors)")
    #expect(outcome.lines[0].hasPrefix("scan-connect-1"))
    #expect(outcome.lines[1].hasSuffix(" 1"))
    #expect(outcome.lines[2] == "status 0")
    let records = try records(outcome.lines[3..<5].joined(separator: "\n"))
    #expect(records.map { $0["type"] as? String } == ["finding", "finding"])
    #expect(records.map { $0["ongoing"] as? Bool } == [true, nil])
    #expect(records.map { ($0["count"] as? Int).map { $0 >= 15 } } == [true, true])
    #expect(records[1]["count"] as? Int == 160)
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `it goes on as somebody who may do nothing else, who owns its files`() throws {
    let outcome = try inNetwork(
      """
      capture --user nobody -w w.pcap; traffic 1
      grep -E '^(Uid|CapEff|CapPrm|CapBnd|CapAmb|NoNewPrivs):' /proc/$capture/status | tr -s '\\t' ' '
      stat -c %U w.pcap; stop INT
      """)
    let zeroes = "0000000000000000"
    #expect(
      outcome.lines.dropLast() == [
        "Uid: 65534 65534 65534 65534", "CapPrm: \(zeroes)", "CapEff: \(zeroes)",
        "CapBnd: \(zeroes)", "CapAmb: \(zeroes)", "NoNewPrivs: 1", "nobody", "status 0",
      ])
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `metrics are served while it runs`() throws {
    let outcome = try inNetwork(
      """
      capture --metrics 9911; traffic 3; sleep 1.6
      exec 3<> /dev/tcp/127.0.0.1/9911; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3; exec 3>&-
      exec 3<> /dev/tcp/127.0.0.1/9911; printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3; exec 3>&-
      stop INT
      """)
    #expect(outcome.lines.contains(#"synfin_endpoints{side="client",state="TIME-WAIT"} 3"#))
    #expect(outcome.lines.contains(#"synfin_handshake_rtt_seconds_count{side="server"} 3"#))
    #expect(outcome.output.contains("200 OK") && outcome.output.contains("status 0"))
  }

  @Test(.enabled(if: LiveTests.canMakeNetworks, LiveTests.needsRoot))
  func `what is told goes into no interface in place of an output that is closed`() throws {
    let outcome = try inNetwork(
      """
      $SYNFIN live -i lo --duration 1s <&- >&- 2> err & sleep 0.6
      readlink /proc/$!/fd/0 /proc/$!/fd/1; wait $!; echo status $?
      """)
    #expect(outcome.lines.prefix(3) == ["/dev/null", "/dev/null", "status 0"])
  }
}
