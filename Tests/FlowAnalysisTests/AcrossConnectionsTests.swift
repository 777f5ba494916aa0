import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What many connections show together: scans, floods, hosts that leave checksums to their cards.
struct AcrossConnectionsTests {
  // MARK: - What scripts are made of

  /// A SYN as operating systems send it, and one that a scanner made.
  private static let ordinary = "<mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>"
  private static let crafted = "<mss 1460>"

  private static func lines(_ range: Range<Int>, _ line: (Int) -> String) -> String {
    range.map(line).joined(separator: "\n") + "\n"
  }

  private static func refused(_ place: String, _ options: String = ordinary) -> String {
    "> S 0:0(0) \(options) \(place)\n< R. 0:0(0) ack 1 \(place)"
  }

  private static func unanswered(_ place: String, _ options: String = ordinary) -> String {
    "> S 0:0(0) \(options) \(place)"
  }

  private static func brokenOff(_ place: String) -> String {
    "> S 0:0(0) \(crafted) \(place)\n< S. 0:0(0) ack 1 <mss 1460> \(place)\n> R 1:1(0) \(place)"
  }

  private static func opened(_ place: String) -> String {
    """
    > S 0:0(0) \(ordinary) \(place)
    < S. 0:0(0) ack 1 \(ordinary) \(place)
    > . 1:1(0) ack 1 \(place)
    """
  }

  private static func closed(_ place: String, sent: Int = 0) -> String {
    let end = sent + 1
    return """
      > F. \(end):\(end)(0) ack 1 \(place)
      < F. 1:1(0) ack \(end + 1) \(place)
      > . \(end + 1):\(end + 1)(0) ack 2 \(place)
      """
  }

  private static func connected(_ place: String) -> String {
    opened(place) + "\n" + closed(place)
  }

  private static func used(_ place: String) -> String {
    opened(place) + "\n> P. 1:101(100) ack 1 \(place)\n< . 1:1(0) ack 101 \(place)\n"
      + closed(place, sent: 100)
  }

  /// The capture goes on for so long that silence means something.
  private static let later = "+5 > S 0:0(0) <mss 1460> client 250 server 251 service 9\n"

  private static func findings(_ script: String) throws -> [CaptureFinding] {
    try Analysis(script: script).findings
  }

  private static func ids(_ script: String) throws -> [String] {
    try findings(script).map(\.rule.id)
  }

  // MARK: - Scans by SYN

  @Test func `many closed ports of one host and some broken handshakes are a SYN scan`() throws {
    let script =
      Self.lines(1..<201) { Self.refused("service \($0)", Self.crafted) }
      + [Self.brokenOff("service 443"), Self.brokenOff("service 222")].joined(separator: "\n")
      + "\n"
      + Self.lines(301..<305) { Self.unanswered("service \($0)", Self.crafted) } + Self.later
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-syn")
    #expect(finding.severity == .warning)
    #expect(finding.portCount == 206)
    #expect(finding.targets.count == 1)
    #expect(finding.replies.map(\.meaning) == ["open", "closed", "filtered"])
    #expect(finding.replies.map(\.count) == [2, 200, 4])
    #expect(Set(finding.open.map(\.port)) == [222, 443])
    #expect(finding.first.frame == 1)
    #expect(finding.connections == Array(1...8))
    #expect(
      finding.displayFilter
        == "ip.src == 192.0.2.1 && tcp.flags.syn == 1 && tcp.flags.ack == 0")
    #expect(
      finding.message
        == "192.0.2.1 scanned 206 ports of 192.0.2.2 with handshakes that it broke off in 409 ms: "
        + "2 open (222, 443), 200 closed, 4 filtered.")
  }

  @Test func `fourteen targets are no scan, the fifteenth makes one`() throws {
    #expect(try Self.ids(Self.lines(1..<15) { Self.refused("service \($0)") }) == [])
    #expect(try Self.ids(Self.lines(1..<16) { Self.refused("service \($0)") }) == ["scan-connect"])
  }

  @Test func `the same target again is no other target`() throws {
    let script = Self.lines(0..<100) { Self.refused("service \(1 + $0 % 14) port \(1000 + $0)") }
    #expect(try Self.ids(script) == [])
  }

  @Test func `fifteen targets that take longer than a minute are no scan`() throws {
    #expect(try Self.ids(Self.lines(1..<40) { "+5\n" + Self.refused("service \($0)") }) == [])
    #expect(
      try Self.ids(Self.lines(1..<40) { "+4\n" + Self.refused("service \($0)") }) == [
        "scan-connect"
      ])
  }

  @Test func `a host that opens one in five connections in good order does not scan`() throws {
    let script = Self.lines(1..<80) {
      $0.isMultiple(of: 4) ? Self.used("service \($0)") : Self.refused("service \($0)")
    }
    #expect(try Self.ids(script) == [])
  }

  @Test func `connections that are made and closed without a byte are a scan`() throws {
    let script =
      Self.lines(1..<6) { Self.connected("service \($0)") }
      + Self.lines(6..<30) { Self.refused("service \($0)") }
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-connect")
    #expect(finding.replies.map(\.count) == [5, 24])
  }

  @Test func `one port of many hosts is a horizontal scan`() throws {
    let script = Self.lines(3..<43) {
      $0 < 6 ? Self.brokenOff("server \($0) service 22") : Self.refused("server \($0) service 22")
    }
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-horizontal")
    #expect(finding.targets.count == 40)
    #expect(finding.targets.addresses.count == 8)
    #expect(finding.ports == [22])
    #expect(finding.message.contains("scanned port 22 of 40 hosts"))
    #expect(finding.message.contains("3 open (192.0.2.3:22, 192.0.2.4:22, 192.0.2.5:22)"))
  }

  @Test func `a host whose network is down is not said to scan for sure`() throws {
    let script = Self.lines(3..<33) { Self.unanswered("server \($0) service 443") } + Self.later
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-horizontal")
    #expect(finding.severity == .note)
    #expect(finding.certainty == .possible)
  }

  @Test func `silence says nothing where the capture ends`() throws {
    #expect(try Self.ids(Self.lines(3..<33) { Self.unanswered("server \($0)") }) == [])
  }

  @Test func `what was used before anything failed counts in favour of a host`() throws {
    // A handshake that nothing answers is over long after one that was used.
    let script =
      Self.lines(0..<30) { Self.used("server \(3 + $0) service 443") }
      + Self.lines(40..<60) { Self.unanswered("server \($0) service 443") }
      + "+200\n" + Self.later
    #expect(try Self.ids(script) == [])
  }

  // MARK: - What looks like a scan

  @Test func `a monitor that looks whether servers are up does not scan`() throws {
    let script = Self.lines(0..<90) {
      let place = "server \(3 + $0 % 30) port \(2000 + $0)"
      return $0 % 30 == 7 ? Self.refused(place) : Self.connected(place)
    }
    #expect(try Self.ids(script) == [])
  }

  @Test func `a program whose peers are gone does not scan`() throws {
    let script = Self.lines(3..<63) { Self.refused("server \($0) service \(20_000 + 7 * $0)") }
    #expect(try Self.ids(script) == [])
  }

  @Test func `a client that opens many connections at once does not scan`() throws {
    let places = (3..<63).map { "server \($0) port \(3000 + $0)" }
    let script =
      (places.map(Self.opened)
      + places.map {
        "> P. 1:101(100) ack 1 \($0)\n< . 1:1(0) ack 101 \($0)\n" + Self.closed($0, sent: 100)
      }).joined(separator: "\n")
    #expect(try Self.ids(script) == [])
  }

  @Test func `many hosts behind one address that fail now and then do not scan`() throws {
    let script = Self.lines(0..<200) {
      let place = "server \(3 + $0 % 50) service \(443 + $0 / 50) port \(4000 + $0)"
      return $0 % 10 == 3 ? Self.refused(place) : Self.used(place)
    }
    #expect(try Self.ids(script) == [])
  }

  // MARK: - Segments outside any connection

  @Test(arguments: [
    ("-", "", "scan-null"), ("F", "", "scan-fin"), ("FPU", "", "scan-xmas"),
    (".", "ack 1", "scan-ack"), ("F.", "ack 1", "scan-maimon"),
  ])
  func `three stray segments of one shape are a scan, two are not`(
    flags: String, ack: String, id: String
  ) throws {
    let script = { (count: Int) in
      Self.lines(1..<count + 1) { port in
        let probe = "> \(flags) 0:0(0) \(ack) service \(port)"
        let answer = flags.contains(".") ? "< R 1:1(0)" : "< R. 0:0(0) ack 0"
        return port == 1 ? probe : "\(probe)\n\(answer) service \(port)"
      }
    }
    #expect(try Self.ids(script(2)).filter { $0 != "illegal-flags" } == [])
    let findings = try Self.findings(script(3))
    #expect(findings.map(\.rule.id) == [id])
    #expect(findings[0].replies.map(\.count) == [2, 1])
    #expect(findings[0].blameAddress == "192.0.2.1")
    let meanings = id == "scan-ack" ? ["unfiltered", "filtered"] : ["closed", "open or filtered"]
    #expect(findings[0].replies.map(\.meaning) == meanings)
  }

  @Test func `what connections leave behind them is no scan`() throws {
    // A server was restarted: the last words of its clients, each from a port of its own, draw RSTs.
    let script = Self.lines(0..<20) {
      let place = "server \(3 + $0) port \(5000 + $0)"
      return "> F. 0:0(0) ack 1 \(place)\n< R 1:1(0) \(place)"
    }
    #expect(try Self.ids(script) == [])
  }

  // MARK: - Floods

  private static func flood(_ count: Int, sources: Int = 300, answered: Bool = true) -> String {
    lines(0..<count) {
      let place = "client \(300 + $0 * 37 % sources) port \(1024 + $0)"
      let syn = "> S 0:0(0) <mss 1460> \(place)"
      return answered ? "\(syn)\n< S. 0:0(0) ack 1 <mss 1460> \(place)" : syn
    }
  }

  @Test func `more than a hundred handshakes that nobody completes are a flood`() throws {
    let script = Self.flood(500) + Self.used("port 7") + "\n" + Self.later
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "syn-flood")
    #expect(finding.severity == .error)
    #expect(finding.certainty == .likely)
    #expect(finding.count == 500)
    #expect(finding.sources.count == 300)
    #expect(finding.targets.addresses.map(\.description) == ["192.0.2.2"])
    #expect(finding.ports == [80])
    #expect(finding.replies.map(\.meaning) == ["half-open"])
    #expect(
      finding.message
        == "500 of the 501 handshakes with 192.0.2.2:80 in 998 ms were never completed, up to 500 "
        + "within ten seconds; the SYNs came from 300 hosts: a SYN flood.")
  }

  @Test func `a hundred handshakes are no flood, one more is`() throws {
    #expect(try Self.ids(Self.flood(100) + Self.later) == [])
    #expect(try Self.ids(Self.flood(101) + Self.later) == ["syn-flood"])
    #expect(try Self.ids(Self.flood(101, answered: false) + Self.later) == ["syn-flood"])
  }

  @Test func `a hundred and one handshakes spread over a minute are no flood`() throws {
    let slowly = Self.lines(0..<101) { "+0.6 > S 0:0(0) <mss 1460> client \(300 + $0)" }
    #expect(try Self.ids(slowly + Self.later) == [])
  }

  @Test func `a server that completes as many handshakes is busy, not flooded`() throws {
    let busy = Self.lines(0..<130) { Self.used("client \(700 + $0) port \(9000 + $0)") }
    #expect(try Self.ids(Self.flood(120) + busy + Self.later) == [])
  }

  @Test func `a burst of clients that are served is no flood`() throws {
    let script = Self.lines(0..<400) { Self.used("client \(300 + $0 % 250) port \(9000 + $0)") }
    #expect(try Self.ids(script + Self.later) == [])
  }

  @Test func `clients of a server that is down repeat their SYNs`() throws {
    let once = Self.flood(300, answered: false)
    #expect(try Self.ids(once + "+1\n" + once + Self.later) == [])
  }

  @Test func `a scan of one host's ports floods none of them`() throws {
    let script = Self.lines(1..<400) { Self.unanswered("service \($0)", Self.crafted) } + Self.later
    #expect(try Self.ids(script) == ["scan-syn"])
  }

  @Test func `handshakes that were completed long before others failed are held against a flood`()
    throws
  {
    let busy = Self.lines(0..<130) { Self.used("client \(700 + $0) port \(9000 + $0)") }
    #expect(try Self.ids(busy + Self.flood(120) + "+200\n" + Self.later) == [])
    #expect(try Self.ids(busy + "+20\n" + Self.flood(120) + "+200\n" + Self.later) == ["syn-flood"])
  }

  // MARK: - Backscatter

  private static func answers(_ count: Int, _ answer: String) -> String {
    lines(0..<count) { "\(answer) client \(10 + $0) port \(1024 + $0)" }
  }

  @Test func `answers to SYNs that nobody sent are backscatter`() throws {
    let answers = Self.answers(20, "< S. 0:0(0) ack 1 <mss 1460>")
    let finding = try #require(try Self.findings(answers).first)
    #expect(finding.rule.id == "backscatter")
    #expect(finding.severity == .note)
    #expect(finding.targets.count == 20)
    #expect(finding.blameAddress == nil)
    #expect(try Self.ids(Self.answers(14, "< S. 0:0(0) ack 1 <mss 1460>")) == [])
  }

  @Test func `a RST with the number 0 answers a SYN, another ends a connection`() throws {
    // Behind the server's initial number in a script, this one is 0.
    let zero = Int(UInt32.max) + 1 - 3_000_000_000
    #expect(try Self.ids(Self.answers(20, "< R. \(zero):\(zero)(0) ack 1")) == ["backscatter"])
    #expect(try Self.ids(Self.answers(20, "< R. 1:1(0) ack 1")) == [])
  }

  @Test func `answers of which the questions were missed go on as connections`() throws {
    let script = Self.lines(0..<20) {
      let place = "client \(10 + $0) port \(1024 + $0)"
      return "< S. 0:0(0) ack 1 <mss 1460> \(place)\n< P. 1:11(10) ack 50 \(place)"
    }
    #expect(try Self.ids(script) == [])
  }

  // MARK: - Checksums and flags

  @Test func `a host that leaves checksums to its card is named once`() throws {
    let script = Self.lines(0..<5) {
      Self.used("port \(6000 + $0)").split(separator: "\n").map {
        $0.hasPrefix(">") ? "\($0) offloaded" : "\($0)"
      }.joined(separator: "\n")
    }
    let findings = try Self.findings(script)
    #expect(findings.map(\.rule.id) == ["checksum-offloaded"])
    #expect(findings[0].sources.addresses.map(\.description) == ["192.0.2.1"])
    #expect(findings[0].severity == .note)
    #expect(findings[0].count == 5)
  }

  @Test
  func `checksums that are wrong in one direction are left to the card, in both they are damage`()
    throws
  {
    let script = Self.lines(0..<5) { Self.used("port \(6000 + $0)") }
    func ids(damagingAnswers: Bool) throws -> [String] {
      let list = try Script(script)
      let frames = list.lines.compactMap(\.frame).map { frame in
        var captured = frame.captured
        let isAnswer = frame.segment.sourcePort == 80
        if frame.segment.flags.contains(.ack), !isAnswer || damagingAnswers {
          captured.bytes[captured.bytes.count - 1] ^= 1
        }
        return captured
      }
      return Analysis(frames).findings.map(\.rule.id)
    }
    #expect(try ids(damagingAnswers: false) == ["checksum-offloaded"])
    #expect(try ids(damagingAnswers: true) == [])
  }

  @Test func `flags that no TCP sends are told once a host`() throws {
    let script = Self.lines(0..<4) {
      "> \(["SF", "SR", "FR", "-"][$0]) 0:0(0) port \(7000 + $0)"
    }
    let findings = try Self.findings(script + Self.used("port 8000"))
    #expect(findings.map(\.rule.id) == ["illegal-flags"])
    #expect(findings[0].frames == [1, 2, 3, 4])
    #expect(findings[0].count == 4)
  }

  // MARK: - All of them

  private static let examples = [
    ("syn-flood", flood(101) + later),
    ("backscatter", answers(15, "< S. 0:0(0) ack 1 <mss 1460>")),
    ("scan-syn", lines(1..<16) { brokenOff("service \($0)") }),
    ("scan-connect", lines(1..<16) { refused("service \($0)") }),
    ("scan-horizontal", lines(3..<18) { refused("server \($0)") }),
    ("scan-null", lines(1..<4) { "> - 0:0(0) service \($0)" }),
    ("scan-xmas", lines(1..<4) { "> FPU 0:0(0) service \($0)" }),
    ("scan-fin", lines(1..<4) { "> F 0:0(0) service \($0)" }),
    ("scan-ack", lines(1..<4) { "> . 0:0(0) ack 1 service \($0)" }),
    ("scan-maimon", lines(1..<4) { "> F. 0:0(0) ack 1 service \($0)" }),
    ("illegal-flags", "> SF 0:0(0)"),
    ("checksum-offloaded", "> S 0:0(0) <mss 1460> offloaded"),
  ]

  @Test(arguments: examples)
  func `a script shows its finding and no other`(id: String, script: String) throws {
    #expect(try Self.ids(script) == [id])
  }

  @Test func `no kind is without an example`() {
    #expect(Self.examples.map(\.0) == FindingCatalogue.acrossConnections.map(\.id))
  }

  @Test func `every kind is counted with the others, and --fail-on hears of it`() throws {
    let summary = try #require(
      try Analysis(script: Self.flood(101) + Self.later).summary)
    #expect(summary.findings.byRule.first { $0.rule.id == "syn-flood" }?.count == 1)
    #expect(summary.findings.reach(.error))
  }

  @Test func `however many hosts scan, so many are told and the others counted`() throws {
    let limit = 128
    let script = Self.lines(0..<(limit + 5) * 15) {
      Self.refused("client \(300 + $0 / 15) service \(1 + $0 % 15)")
    }
    let analysis = try Analysis(script: script)
    #expect(analysis.findings.count == limit)
    #expect(analysis.summary?.untoldFindings == 5)
    #expect(
      analysis.summary?.findings.byRule.first { $0.rule.id == "scan-connect" }?.count == limit)
  }

  @Test func `a scanner is found among very many hosts that come once`() throws {
    // Far more than have a place; each tries another port of another host.
    let script = Self.lines(0..<20_000) {
      $0.isMultiple(of: 400)
        ? Self.refused("client 9 service \(1 + $0 / 400)")
        : Self.refused("client \(300 + $0) server \(300 + $0 * 7 % 60_000)")
    }
    let findings = try Self.findings(script)
    #expect(findings.map(\.rule.id) == ["scan-connect"])
    #expect(findings.first?.blameAddress == "192.0.2.9")
  }

  @Test func `connections of a scan are covered, others are not`() throws {
    let analysis = try Analysis(
      script: Self.lines(1..<30) { Self.refused("service \($0)") } + Self.used("port 8000"))
    let finding = try #require(analysis.findings.first)
    #expect(analysis.connections.filter { finding.covers($0) }.map(\.number) == Array(1...29))
  }

  @Test func `the same capture gives the same findings`() throws {
    let script =
      Self.flood(300) + Self.lines(1..<60) { Self.refused("service \($0)") }
      + Self.lines(3..<63) { Self.unanswered("client 9 server \($0) service 22", Self.crafted) }
      + Self.later
    let first = try Analysis(script: script)
    #expect(first.findings.map(\.rule.id) == ["syn-flood", "scan-connect", "scan-horizontal"])
    for _ in 0..<3 { #expect(try Analysis(script: script).text == first.text) }
  }

  @Test func `frames of one moment may stand in any order`() throws {
    var frames = try Script(
      Self.flood(200, answered: false) + Self.lines(1..<60) { Self.unanswered("service \($0)") }
        + Self.lines(3..<63) { Self.unanswered("client 9 server \($0) service 22", Self.crafted) }
    ).frames
    for index in frames.indices { (frames[index].seconds, frames[index].nanoseconds) = (1, 0) }
    let last = try Script(Self.later).frames
    let sorted = Analysis(frames + last).findings.map(\.message).sorted()
    #expect(sorted.count == 3)
    for seed in 0..<5 as Range<UInt64> {
      var random = Randomness(seed: seed)
      let messages = Analysis(frames.shuffled(using: &random) + last).findings.map(\.message)
      #expect(messages.sorted() == sorted)
    }
  }
}

extension CaptureFinding {
  fileprivate var blameAddress: String? {
    if case .host(let address) = blame { address.description } else { nil }
  }
}
