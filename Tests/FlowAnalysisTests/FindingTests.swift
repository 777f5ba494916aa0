import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What there is to say of a connection: each kind of finding by a script that shows it, and a near
/// miss that does not.
struct FindingTests {
  private static let opening = """
    > S 0:0(0) <mss 1460,wscale 7>
    < S. 0:0(0) ack 1 <mss 1460,wscale 7>
    > . 1:1(0) ack 1

    """
  private static let request = """
    > P. 1:101(100) ack 1
    < P. 1:51(50) ack 101
    > . 101:101(0) ack 51

    """

  /// The findings of the connections of a script, `id` or `id severity` where it is not the rule's
  /// own; without those that say where the capture began and ended.
  private func findings(_ script: String) throws -> [String] {
    try Analysis(script: script).connections.flatMap(\.findings).filter {
      !["ends-after-capture", "midstream-start"].contains($0.rule.id)
    }.map {
      $0.severity == $0.rule.severity ? $0.rule.id : "\($0.rule.id) \($0.severity.name)"
    }
  }

  @Test func `nothing is said of an ordinary connection`() throws {
    let script =
      Self.opening + Self.request + """
        > F. 101:101(0) ack 51
        < F. 51:51(0) ack 102
        > . 102:102(0) ack 52
        """
    #expect(try findings(script) == [])
  }

  @Test(arguments: [
    (
      "a SYN without answer", "> S 0:0(0) <mss 1460>\n+1.1 > S 0:0(0) <mss 1460> port 40001",
      ["syn-unanswered"]
    ),
    ("the capture ends too early to tell", "> S 0:0(0) <mss 1460>", []),
    (
      "a RST answers the SYN", "> S 0:0(0) <mss 1460>\n< R. 0:0(0) ack 1",
      ["connection-refused"]
    ),
    (
      "a SYN is answered at the second attempt",
      "> S 0:0(0) <mss 1460>\n+1 > S 0:0(0) <mss 1460>\n< S. 0:0(0) ack 1 <mss 1460>\n"
        + "> . 1:1(0) ack 1",
      ["syn-retransmitted"]
    ),
    (
      "nobody acknowledges the SYN-ACK",
      "> S 0:0(0) <mss 1460>\n< S. 0:0(0) ack 1 <mss 1460>\n+1 < S. 0:0(0) ack 1 <mss 1460>",
      ["half-open-handshake", "synack-retransmitted"]
    ),
    (
      "the client breaks the handshake off",
      "> S 0:0(0) <mss 1460>\n< S. 0:0(0) ack 1 <mss 1460>\n> R 1:1(0)", ["handshake-aborted"]
    ),
    (
      "a SYN-ACK is repeated although it was acknowledged",
      opening + "+1 < S. 0:0(0) ack 1 <mss 1460,wscale 7>\n> . 1:1(0) ack 1",
      ["synack-retransmitted"]
    ),
    (
      "a second attempt has another number",
      "> S 0:0(0) <mss 1460>\n+1 > S 5000:5000(0) <mss 1460>",
      ["syn-isn-changed"]
    ),
    (
      "SYNs without the option that all have",
      "> S 0:0(0)\n< S. 0:0(0) ack 1 <mss 1460>\n> . 1:1(0) ack 1", ["mss-missing"]
    ),
    (
      "a shift beyond what is allowed",
      "> S 0:0(0) <mss 1460,wscale 15>\n< S. 0:0(0) ack 1 <mss 1460,wscale 7>\n> . 1:1(0) ack 1",
      ["window-scale-too-large"]
    ),
  ])
  func `handshakes`(name: String, script: String, expected: [String]) throws {
    #expect(try findings(script) == expected, "\(name)")
  }

  @Test(arguments: [
    (
      "nobody acknowledges the FIN",
      "> F. 101:101(0) ack 51\n+1.1 > S 0:0(0) <mss 1460> port 40001", ["fin-unacked"]
    ),
    ("the capture ends too early to tell", "> F. 101:101(0) ack 51", []),
    (
      "a FIN comes twice",
      "> F. 101:101(0) ack 51\n+0.5 > F. 101:101(0) ack 51\n< F. 51:51(0) ack 102\n"
        + "> . 102:102(0) ack 52",
      ["fin-retransmitted"]
    ),
    (
      "the server does not close",
      "> F. 101:101(0) ack 51\n< . 51:51(0) ack 102\n"
        + "+61 > S 0:0(0) <mss 1460> port 40001",
      ["close-wait-stuck"]
    ),
    (
      "the server takes its time to close",
      "> F. 101:101(0) ack 51\n< . 51:51(0) ack 102\n"
        + "+30 < F. 51:51(0) ack 102\n> . 102:102(0) ack 52",
      []
    ),
    (
      "the server goes on sending",
      "> F. 101:101(0) ack 51\n< . 51:51(0) ack 102\n"
        + "< P. 51:151(100) ack 102\n> . 102:102(0) ack 151\n< F. 151:151(0) ack 102\n"
        + "> . 102:102(0) ack 152",
      ["half-close-data"]
    ),
    (
      "what the server goes on to send draws a RST",
      "> F. 101:101(0) ack 51\n< . 51:51(0) ack 102\n< P. 51:151(100) ack 102\n> R 102:102(0)",
      ["fin-wait-2-abort"]
    ),
    (
      "the last acknowledgment does not come",
      "> F. 101:101(0) ack 51\n< F. 51:51(0) ack 102\n+1.1 > S 0:0(0) <mss 1460> port 40001",
      ["last-ack-missing"]
    ),
    (
      "two FINs cross",
      "> F. 101:101(0) ack 51\n< F. 51:51(0) ack 101\n> . 102:102(0) ack 52\n"
        + "< . 52:52(0) ack 102",
      ["simultaneous-close"]
    ),
    ("an open connection falls silent", "+61 > S 0:0(0) <mss 1460> port 40001", ["never-closed"]),
    ("an open connection is open", "+30 > S 0:0(0) <mss 1460> port 40001", []),
    ("a RST in place of a FIN", "> R. 101:101(0) ack 51", ["abortive-close"]),
    (
      "a RST in the middle of a transfer", "> P. 101:201(100) ack 51\n< R. 51:51(0) ack 101",
      ["reset-mid-stream"]
    ),
    ("a RST from elsewhere", "> R 90000000:90000000(0)", ["reset-out-of-window"]),
    ("a RST a little ahead", "> R 151:151(0)", ["reset-inexact"]),
  ])
  func `closes and resets`(name: String, script: String, expected: [String]) throws {
    #expect(try findings(Self.opening + Self.request + script) == expected, "\(name)")
  }

  @Test(arguments: [
    (
      "data without an answer",
      "> P. 101:201(100) ack 51\n+61 > S 0:0(0) <mss 1460> port 40001",
      ["data-never-acked", "never-closed"]
    ),
    (
      "a window shuts and opens", "< . 51:51(0) ack 101 win 0\n< . 51:51(0) ack 101 win 500",
      ["zero-window"]
    ),
    (
      "a window stays shut",
      "< . 51:51(0) ack 101 win 0\n+61 > S 0:0(0) <mss 1460> port 40001",
      ["zero-window-stuck", "zero-window", "never-closed"]
    ),
    (
      "a shut window is probed",
      "< . 51:51(0) ack 101 win 0\n+1 > . 100:100(0) ack 51\n< . 51:51(0) ack 101 win 500",
      ["zero-window", "zero-window-probe"]
    ),
    (
      "an idle connection is probed", "+10 > . 100:100(0) ack 51\n< . 51:51(0) ack 101",
      ["keep-alive"]
    ),
    ("the capture lacks a segment", "< . 51:51(0) ack 201", ["gap-in-capture"]),
    (
      "a frame is there twice", "> P. 101:201(100) ack 51 id 9\ndup\n< . 51:51(0) ack 201",
      ["duplicate-frame"]
    ),
  ])
  func `transfers`(name: String, script: String, expected: [String]) throws {
    #expect(try findings(Self.opening + Self.request + script) == expected, "\(name)")
  }

  @Test func `what a gap of the capture may explain is said with care`() throws {
    let script =
      Self.opening + "> P. 1:101(100) ack 1\n< . 1:1(0) ack 301\n> F. 301:301(0) ack 1\n"
      + "+2 > S 0:0(0) <mss 1460> port 40001"
    let finding = try #require(
      try Analysis(script: script).connections[0].findings.first { $0.rule.id == "fin-unacked" })
    #expect(finding.isCensored)
    #expect(finding.severity == .note)
    #expect(finding.certainty == .likely)
  }

  @Test func `a finding names its frames, as Wireshark finds them`() throws {
    let script = "> S 0:0(0) <mss 1460>\n< R. 0:0(0) ack 1"
    let finding = try #require(try Analysis(script: script).connections[0].findings.first)
    #expect(finding.frames == [1, 2])
    #expect(finding.displayFilter == "frame.number in {1,2}")
    #expect(finding.blame == .server)
  }

  @Test func `the catalogue names each kind once, in the field's spelling`() {
    let ids = FindingCatalogue.rules.map(\.id)
    #expect(Set(ids).count == ids.count)
    for rule in FindingCatalogue.rules {
      #expect(rule.id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(rule.id)")
      for text in [rule.condition, rule.advice] {
        #expect(text.last == ".", "\(rule.id)")
        #expect(!text.contains("  "), "\(rule.id)")
      }
    }
  }
}
