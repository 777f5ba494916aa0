import FlowAnalysis
import PacketParser
import Testing
import TraceChecks
import TraceScript

/// The same scenario before and after a change.
struct ScenarioTests {
  /// A connection from a port of its own, with numbers of its own.
  private static func connection(
    _ port: Int, client: Int = 1, server: Int = 2, service: Int = 80, answer: Int = 500
  ) -> String {
    let ends = " port \(port) client \(client) server \(server) service \(service)\n"
    return [
      "> S  0:0(0) <mss 1460,sackOK>", "< S. 0:0(0) ack 1 <mss 1460,sackOK>", "> . 1:1(0) ack 1",
      "> P. 1:101(100) ack 1", "< P. 1:\(1 + answer)(\(answer)) ack 101",
      "> F. 101:101(0) ack \(1 + answer)", "< F. \(1 + answer):\(1 + answer)(0) ack 102",
      "> . 102:102(0) ack \(2 + answer)",
    ].map { $0 + ends }.joined()
  }

  private static func refused(_ port: Int, service: Int = 80) -> String {
    "> S 0:0(0) <mss 1460,sackOK> port \(port) service \(service)\n"
      + "< R. 0:0(0) ack 1 port \(port) service \(service)\n"
  }

  /// Other initial sequence numbers than those of the first recording, as each run has.
  private func compared(
    _ before: String, _ after: String, tolerance: Tolerance = Tolerance()
  ) throws -> Comparison {
    var settings = ScriptSettings()
    settings.clientInitialSequence = 5
    settings.serverInitialSequence = 6
    settings.start = Timestamp(seconds: 1_800_000_000, nanoseconds: 0)
    return Comparison(
      recording(of: try Script(before).frames),
      recording(of: try Script(after, settings: settings).frames), tolerance: tolerance)
  }

  /// The numbers of the connections that correspond but differ, or are alone.
  private func numbers(_ comparison: Comparison) -> [String] {
    comparison.connections.map {
      "\($0.a.map { String($0.number) } ?? "–") \($0.b.map { String($0.number) } ?? "–")"
    }
  }

  @Test func `other ephemeral ports and sequence numbers are no difference`() throws {
    let comparison = try compared(Self.connection(1001), Self.connection(2002))
    #expect(comparison.mode == .beforeAndAfter)
    #expect(comparison.pairs == 1)
    #expect(!comparison.hasDifferences)
    #expect(comparison.path == nil)
  }

  @Test func `what came of a connection is compared`() throws {
    let comparison = try compared(Self.connection(1001), Self.refused(2002))
    #expect(comparison.counts.differing == 1)
    let aspects = [
      "handshake.outcome", "close.kind", "close.outcome", "close.first", "close.reset.by",
      "states.client", "states.server", "traffic.client.unique", "traffic.server.unique",
    ]
    #expect(comparison.aspectsTold == aspects)
    let outcome = try #require(comparison.connections.first?.differences.first)
    #expect(outcome.a == .word("complete") && outcome.b == .word("refused"))
    #expect(outcome.frames.a == [1, 2, 3] && outcome.frames.b == [1])
    let findings = try #require(comparison.connections.first?.findings)
    #expect(findings.map(\.finding.rule.id) == ["connection-refused"])
    #expect(findings.map(\.isNew) == [true])
    let back = try compared(Self.refused(2002), Self.connection(1001))
    #expect(back.connections.first?.findings.map(\.isNew) == [false])
  }

  @Test(arguments: [
    ("mss 1460,sackOK> port 2002", "mss 1400,sackOK> port 2002", "handshake.options.client.mss"),
    ("1460,sackOK> port 2002", "1460> port 2002", "handshake.options.client.sack_permitted"),
    (
      "< S. 0:0(0) ack 1 <mss", "< S. 0:0(0) ack 1 <wscale 7,mss",
      "handshake.options.server.window_scale"
    ),
  ])
  func `options that are offered are compared`(old: String, new: String, aspect: String) throws {
    let changed = Self.connection(2002).replacing(old, with: new, maxReplacements: 1)
    #expect(try compared(Self.connection(1001), changed).aspectsTold.contains(aspect))
  }

  @Test func `the payload is compared to the byte, retransmissions to the segment`() throws {
    let longer = try compared(Self.connection(1001), Self.connection(2002, answer: 501))
    #expect(longer.aspectsTold == ["traffic.server.unique"])
    let line = "> P. 1:101(100) ack 1 port 2002 client 1 server 2 service 80\n"
    let again = Self.connection(2002).replacing(line, with: line + "+0.3 " + line)
    let repeated = try compared(Self.connection(1001), again)
    #expect(repeated.aspectsTold.contains("traffic.client.retransmitted.packets"))
    #expect(repeated.connections.first?.findings.first?.isNew == true)
  }

  @Test func `times are compared beyond a tolerance`() throws {
    let slow = Self.connection(2002).replacing("< S.", with: "+0.012 < S.")
    let comparison = try compared(Self.connection(1001), slow)
    #expect(comparison.aspectsTold == ["handshake.rtt.server", "duration"])
    let patient = try compared(
      Self.connection(1001), slow, tolerance: try #require(Tolerance("25%,12ms")))
    #expect(!patient.hasDifferences)
    let strict = try compared(
      Self.connection(1001), Self.connection(2002).replacing("< S.", with: "+0.0011 < S."),
      tolerance: try #require(Tolerance("0%,0ms")))
    #expect(strict.aspectsTold == ["handshake.rtt.server", "duration"])
  }

  // MARK: - Which corresponds

  @Test func `connections correspond by server, client and order`() throws {
    // The order of the two services is another one, and so is that of the clients.
    let before =
      Self.connection(1001, client: 1) + Self.connection(1002, client: 3)
      + Self.connection(1003, service: 443, answer: 700)
    let after =
      Self.connection(1, service: 443, answer: 700) + Self.connection(2, client: 3)
      + Self.connection(3, client: 1)
    let comparison = try compared(before, after)
    #expect(comparison.pairs == 3)
    #expect(!comparison.hasDifferences)
  }

  @Test func `of more connections that are left over which are least like the others`() throws {
    let before = Self.connection(1001) + Self.connection(1002, answer: 900)
    let after =
      Self.connection(2001) + Self.refused(2002) + Self.connection(2003, answer: 900)
    let comparison = try compared(before, after)
    #expect(comparison.pairs == 2)
    #expect(numbers(comparison) == ["– 2"])
    #expect(numbers(try compared(after, before)) == ["2 –"])
  }

  @Test func `a client may have another address, and a server too if it is the only one`() throws {
    let moved = try compared(
      Self.connection(1001), Self.connection(1001, client: 8, server: 9))
    #expect(moved.pairs == 1 && !moved.hasDifferences)
    let several = try compared(
      Self.connection(1001),
      Self.connection(1001, server: 9) + Self.connection(1002, server: 10))
    #expect(several.pairs == 0)
    #expect(numbers(several) == ["1 –", "– 1", "– 2"])
    let another = try compared(Self.connection(1001), Self.connection(1001, service: 81))
    #expect(another.pairs == 0)
  }

  @Test func `connections beyond the limit are counted`() throws {
    let frames = try Script(Self.connection(1) + Self.connection(2)).frames
    let limits = ComparisonLimits(connections: 1, segments: 100)
    let comparison = Comparison(
      recording(of: frames, limits), recording(of: frames, limits), mode: .beforeAndAfter)
    #expect(comparison.pairs == 1)
    #expect(comparison.omitted.a.connections == 1 && comparison.omitted.b.connections == 1)
  }

  // MARK: - Tolerance

  @Test func `a tolerance is a share, a time, or both`() throws {
    let both = try #require(Tolerance("20%,5ms"))
    #expect(both.percent == 20 && both.nanoseconds == 5_000_000)
    #expect(!both.tellsApart(10_000_000, 15_000_000))
    #expect(both.tellsApart(10_000_000, 15_000_001))
    #expect(!both.tellsApart(100_000_000, 110_000_000))
    #expect(both.tellsApart(121_000_000, 100_000_000))
    #expect(Tolerance("3s")?.nanoseconds == 3_000_000_000)
    #expect(Tolerance("7us")?.nanoseconds == 7_000)
    #expect(Tolerance("9ns,1%")?.percent == 1)
    #expect(both.tellsApart(.min, .max))
  }

  @Test(arguments: [
    "", "5", "%", "ms", "-5ms", "5 ms", "5ms,6ms", "5%,6%", "99999999999s", "1.5ms", "5ms,",
  ])
  func `anything else is none`(text: String) {
    #expect(Tolerance(text) == nil)
  }
}
