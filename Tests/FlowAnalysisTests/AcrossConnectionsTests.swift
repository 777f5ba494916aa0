import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What many connections show together: each kind once, what hosts do, and what holds for all kinds.
struct AcrossConnectionsTests: TrafficScripts {
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

  // MARK: - Initial sequence numbers

  /// Connections that break off, with these numbers of their ends.
  static func sequences(
    _ count: Int, client: (UInt32) -> UInt32 = random, server: (UInt32) -> UInt32 = random
  ) -> String {
    lines(0..<count) { index in
      let (client, server) = (client(UInt32(index)), server(UInt32(index)))
      return """
        > S \(client):\(client)(0) \(ordinary)
        < S. \(server):\(server)(0) ack \(client &+ 1) \(ordinary)
        > R. \(client &+ 1):\(client &+ 1)(0) ack \(server &+ 1)
        """
    }
  }

  private static func random(_ number: UInt32) -> UInt32 {
    (number &+ 7) &* (number &+ 9) &* 2_654_435_761
  }

  @Test func `a server whose numbers can be guessed is named, and so is a client`() throws {
    let server = try Self.findings(Self.sequences(9, server: { $0 &* 64_000 }))
    #expect(server.map(\.rule.id) == ["isn-predictable"])
    #expect(server[0].blameAddress == "192.0.2.2")
    #expect(server[0].frames == Array(stride(from: 5, to: 27, by: 3)))
    #expect(
      server[0].message
        == "192.0.2.2 began at least 8 connections with sequence numbers that are multiples of 64,000 apart: "
        + "whoever has seen one can guess the next.")
    let client = try Self.findings(Self.sequences(9, client: { 1 &- $0 &* $0 }))
    #expect(client.map(\.blameAddress) == ["192.0.2.1"])
    #expect(try Self.ids(Self.sequences(8, client: { $0 })) == [])
  }

  @Test func `numbers that are always the same can be guessed, repeats are none`() throws {
    var settings = ScriptSettings()
    settings.variesInitialSequences = false
    func found(_ script: String) throws -> [String] {
      Analysis(try Script(script, settings: settings).frames).findings.map(\.message)
    }
    let answer = "< S. 0:0(0) ack 1 <mss 1460>"
    #expect(
      try found(Self.lines(0..<9) { "\(answer) client \(300 + $0)\n\(answer) client \(300 + $0)" })
        == [
          "192.0.2.2 began at least 8 connections with the same sequence number: whoever has seen it knows the next."
        ])
    #expect(try found(Self.lines(0..<9) { _ in "+1 \(answer)" }) == [])
    // As one that a NAT rewrites shows twice, each time it is sent.
    let rewritten = "> S 0:0(0) <mss 1460>\n> S 0:0(0) <mss 1460> server 9 service 81"
    #expect(try found(Self.lines(0..<9) { _ in "+1 \(rewritten)" }) == [])
    let other = "< S. 5:5(0) ack 1 <mss 1460> port 2"
    #expect(try found(Self.lines(0..<9) { _ in "+1 \(answer)\n\(other)" }) == [])
  }

  @Test func `random numbers are no series, nor are those that take too many guesses`() throws {
    func ids(step: UInt32) throws -> [String] {
      try Self.ids(Self.sequences(9, server: { $0 &* step &+ ($0 == 4 ? 1 : 0) }))
    }
    #expect(try Self.ids(Self.sequences(100)) == [])
    #expect(try ids(step: 1_023) == ["isn-predictable"])
    #expect(try ids(step: 1_024) == [])
    // One that is far from the others, though they are the same.
    let leap = { (number: UInt32) -> UInt32 in number < 2 ? 0 : 1 << 30 }
    #expect(try Self.ids(Self.sequences(10, server: leap)) == [])
  }

  // MARK: - Windows

  /// So many connections at once on which the client does not read for so long.
  static func stalls(
    _ count: Int, seconds: Double, _ place: (Int) -> String = { "port \(6000 + $0)" }
  ) -> String {
    lines(0..<count) { stalled(place($0)) } + "+\(seconds)\n"
      + lines(0..<count) { goesOn(place($0)) }
  }

  @Test func `a host that reads from none of its connections is named with all of them`() throws {
    let findings = try Self.findings(Self.stalls(40, seconds: 30))
    #expect(findings.map(\.rule.id) == ["slow-drain"])
    #expect(findings[0].blameAddress == "192.0.2.1")
    #expect(findings[0].targets.addresses.map(\.description) == ["192.0.2.2"])
    #expect(findings[0].ports == [80])
    #expect(findings[0].count == 40)
    #expect(
      findings[0].message
        == "192.0.2.1 kept its window shut on 40 connections with port 80 of 192.0.2.2, at least 15 of "
        + "them at one time, for up to 30.2 s each.")
    #expect(findings[0].connections == Array(1...8))
  }

  /// A window that is shut for long, but with the last acknowledgment of a server that has closed.
  private static func lateCloses(_ count: Int) -> String {
    lines(0..<count) { index in
      """
      \(opened("port \(6000 + index)"))
      > P. 1:101(100) ack 1 port \(6000 + index)
      < F. 1:1(0) ack 101 port \(6000 + index)
      > . 101:101(0) ack 2 win 0 port \(6000 + index)
      """
    } + "+30\n" + lines(0..<count) { "> F. 101:101(0) ack 2 port \(6000 + $0)" }
  }

  /// Many short spells, 20 seconds in all.
  private static func paced(_ count: Int) -> String {
    lines(0..<count) { stalled("port \(6000 + $0)") }
      + lines(0..<10) { _ in
        "+2\n" + lines(0..<count) { "> . 101:101(0) ack 1001 win 500 port \(6000 + $0)" } + "+1\n"
          + lines(0..<count) { "> . 101:101(0) ack 1001 win 0 port \(6000 + $0)" }
      }
  }

  @Test(arguments: [
    stalls(14, seconds: 30), lateCloses(20), paced(20),
    stalls(40, seconds: 9),
    // Many hosts, each with one.
    stalls(40, seconds: 30) { "client \(300 + $0)" },
    // One after the other.
    lines(0..<40) { "\(stalled("port \(6000 + $0)"))\n+11\n\(goesOn("port \(6000 + $0)"))" },
  ])
  func `few connections, a short time, many hosts or one after the other are no drain`(
    script: String
  ) throws {
    #expect(try Self.ids(script) == [])
  }

  // MARK: - All of them

  static let examples = [
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
    ("slow-drain", stalls(15, seconds: 10)),
    ("illegal-flags", "> SF 0:0(0)"),
    ("isn-predictable", sequences(9, server: { $0 &* 64_000 })),
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
