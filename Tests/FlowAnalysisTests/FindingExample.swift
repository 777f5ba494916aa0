import Testing

/// Scripts with what there is to say of them: each kind of finding, and near misses.
struct FindingExample: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var script: String
  /// The identifiers, with the severity where it is not the rule's own.
  var findings: [String]

  private init(_ example: (name: String, script: String, findings: [String]), after: String = "") {
    testDescription = example.name
    script = after + example.script
    findings = example.findings
  }

  static let opening = """
    > S 0:0(0) <mss 1460,wscale 7>
    < S. 0:0(0) ack 1 <mss 1460,wscale 7>
    > . 1:1(0) ack 1

    """
  static let request = """
    > P. 1:101(100) ack 1
    < P. 1:51(50) ack 101
    > . 101:101(0) ack 51

    """

  static let all =
    handshakes.map { Self($0) } + (endings + transfers).map { Self($0, after: opening + request) }
    + captures.map { Self($0) }

  private typealias Example = (name: String, script: String, findings: [String])

  private static let handshakes: [Example] = [
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
    (
      "two SYNs cross",
      "> S 0:0(0) <mss 1460>\n+0.00001 < S 0:0(0) <mss 1460>\n> S. 0:0(0) ack 1\n< S. 0:0(0) ack 1",
      ["simultaneous-open"]
    ),
    (
      "a SYN answers the SYN",
      "> S 0:0(0) <mss 1460>\n+0.1 < S 0:0(0) <mss 1460>\n> S. 0:0(0) ack 1\n"
        + "+0.1 < . 1:1(0) ack 1",
      ["split-handshake"]
    ),
    (
      "data on the SYN are taken",
      "> S 0:10(10) <mss 1460,FO 0102030405060708>\n< S. 0:0(0) ack 11 <mss 1460>\n"
        + "< P. 1:21(20) ack 11\n> . 11:11(0) ack 21",
      ["tfo-accepted"]
    ),
    (
      "data on the SYN are sent again",
      "> S 0:10(10) <mss 1460,FO 0102030405060708>\n< S. 0:0(0) ack 1 <mss 1460>\n"
        + "> P. 1:11(10) ack 1\n< . 1:1(0) ack 11",
      ["tfo-ignored"]
    ),
    (
      "a cookie is asked for",
      "> S 0:0(0) <mss 1460,FO>\n< S. 0:0(0) ack 1 <mss 1460>\n> . 1:1(0) ack 1", []
    ),
    (
      "a SYN strays into the open connection",
      opening + "> S 90000:90000(0) <mss 1460>\n< . 1:1(0) ack 1\n> P. 1:11(10) ack 1\n"
        + "< . 1:1(0) ack 11",
      ["syn-on-established"]
    ),
    (
      "the same ports again, a second after the close",
      opening + closed + "+1 > S 90000:90000(0) <mss 1460>\n"
        + "< S. 90000:90000(0) ack 90001 <mss 1460>\n> . 90001:90001(0) ack 90001",
      ["time-wait-reuse"]
    ),
    (
      "the same ports again, after 2 MSL",
      opening + closed + "+70 > S 90000:90000(0) <mss 1460>\n"
        + "< S. 90000:90000(0) ack 90001 <mss 1460>\n> . 90001:90001(0) ack 90001",
      []
    ),
    (
      "the same ports again, while the connection is open",
      opening + "+1 > S 90000:90000(0) <mss 1460>\n"
        + "< S. 90000:90000(0) ack 90001 <mss 1460>\n> . 90001:90001(0) ack 90001",
      ["port-reuse-ambiguous"]
    ),
    (
      "a SYN-ACK for no SYN",
      "> S 0:0(0) <mss 1460> port 40001\n< R. 0:0(0) ack 1 port 40001\n"
        + "+2 < S. 0:0(0) ack 1 <mss 1460>\n> R 1:1(0)",
      ["connection-refused", "unsolicited-synack"]
    ),
    (
      "a SYN-ACK at the beginning of the capture",
      "< S. 0:0(0) ack 1 <mss 1460,wscale 7>\n> . 1:1(0) ack 1\n> P. 1:11(10) ack 1\n"
        + "< . 1:1(0) ack 11",
      ["window-scale-unknown"]
    ),
  ]

  private static let endings: [Example] = [
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
    (
      "a RST after the FIN", "> F. 101:101(0) ack 51\n< . 51:51(0) ack 102\n> R. 102:102(0) ack 51",
      ["reset-after-fin"]
    ),
  ]

  private static let transfers: [Example] = [
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
  ]

  /// What the capture lacks, by itself.
  private static let captures: [Example] = [
    (
      "one direction", "> P. 1:101(100) ack 1\n> P. 101:201(100) ack 51\n> P. 201:301(100) ack 101",
      ["one-sided", "midstream-start", "ends-after-capture"]
    ),
    (
      "both directions", "> P. 1:101(100) ack 1\n< P. 1:51(50) ack 101\n> . 101:101(0) ack 51",
      ["midstream-start", "ends-after-capture"]
    ),
  ]

  private static let closed = """
    > F. 1:1(0) ack 1
    < F. 1:1(0) ack 2
    > . 2:2(0) ack 2

    """
}
