import FlowAnalysis
import Testing
import TraceChecks
import TraceScript

/// What expectations come to: selection, counts, findings, and what a capture cannot decide.
struct VerdictTests {
  // MARK: - Which connections

  private let two = """
    \(Checking.whole)\
    +1 > S 0:0(0) <mss 1460> client 7 server 8 service 9
    +0.010 < R. 0:0(0) ack 1 client 7 server 8 service 9

    """

  @Test func `each is about all that are selected`() throws {
    #expect(try Checking.verdict("each: {handshake.outcome: complete}", two) == .fail)
    let text = "connections: {where: {server.port: not 9}}\neach: {handshake.outcome: complete}"
    #expect(try Checking.verdict(text, two) == .pass)
    let chosen = "each: {where: {server.port: 9}, handshake.outcome: refused}"
    #expect(try Checking.verdict(chosen, two) == .pass)
  }

  @Test func `each of none fails, unless their count says that there may be none`() throws {
    let text = "each: {where: {server.port: 1}, handshake.outcome: complete}"
    #expect(try Checking.verdict(text, two) == .fail)
    // The count of all is not that of those which are chosen.
    let others = "connections: {count: 2}\n" + text
    #expect(
      try Checking.verdicts(others, two)
        == ["connections: count": .pass, "each: handshake.outcome": .fail])
    let counted = "each: {where: {server.port: 1}, count: 0, handshake.outcome: complete}"
    #expect(
      try Checking.verdicts(counted, two)
        == ["each: count": .pass, "each: handshake.outcome": .pass])
    let none = """
      connections: {where: {server.port: 1}, count: 0}
      each: {handshake.outcome: complete}
      """
    #expect(
      try Checking.verdicts(none, two)
        == ["connections: count": .pass, "each: handshake.outcome": .pass])
  }

  @Test func `what is said of connections that are chosen is said of one at least`() throws {
    for text in ["findings: {none_at_or_above: warning}", "quality: complete"] {
      let chosen = "connections: {where: {server.port: 1}}\n" + text
      #expect(try Checking.verdicts(chosen, two)["connections: count"] == .fail)
      #expect(try Checking.verdict(text, Checking.whole) == .pass)
    }
  }

  @Test func `several items of each are told apart`() throws {
    let text = """
      each:
        - where: {server.port: 9}
          handshake.outcome: complete
        - where: {server.port: not 9}
          handshake.outcome: complete
      """
    #expect(
      try Checking.verdicts(text, two)
        == ["each[1]: handshake.outcome": .fail, "each[2]: handshake.outcome": .pass])
  }

  @Test(arguments: [("2", Verdict.pass), ("3", .fail), ("< 3", .pass), ("1..2", .pass)])
  func `connections are counted`(count: String, verdict: Verdict) throws {
    #expect(try Checking.verdict("connections: {count: \(count)}", two) == verdict)
  }

  @Test func `some is found among them`() throws {
    #expect(try Checking.verdict("some: [{handshake.outcome: refused}]", two) == .pass)
    #expect(try Checking.verdict("some: [{handshake.outcome: refused, count: 1}]", two) == .pass)
    #expect(try Checking.verdict("some: [{handshake.outcome: refused, count: 2}]", two) == .fail)
    #expect(try Checking.verdict("some: [{handshake.outcome: any, count: 1}]", two) == .fail)
  }

  @Test func `of some, what comes nearest is told`() throws {
    let text = "some: [{close.kind: reset, close.first: client, handshake.outcome: complete}]"
    let result = try #require(try Checking.results(text, two).first)
    #expect(result.verdict == .fail)
    #expect(result.mismatches.map(\.found) == ["close.kind is orderly, not reset"])
    #expect(result.mismatches.first?.connection?.number == 1)
  }

  @Test func `of some, what the capture does not tell is told with its reason`() throws {
    let script = """
      \(Checking.whole)\
      +1 > S 0:0(0) <mss 1460> client 7 server 8 service 9
      +0.010 < S. 0:0(0) ack 1 <mss 1460> client 7 server 8 service 9
      +0.001 > . 1:1(0) ack 1 client 7 server 8 service 9

      """
    let text = "some: [{count: 1, handshake.outcome: complete, close.outcome: complete}]"
    let result = try #require(try Checking.results(text, script).first)
    #expect(result.verdict == .undetermined)
    #expect(result.mismatches.first?.doubt != nil)
    let more = "some: [{count: 3, handshake.outcome: complete, close.outcome: complete}]"
    let fewer = try #require(try Checking.results(more, script).first)
    #expect(fewer.verdict == .fail)
  }

  // MARK: - Findings

  @Test func `findings of connections and of the capture are held against the limit`() throws {
    let script = """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      +1 < S. 0:0(0) ack 1 <mss 1460>
      +2 < S. 0:0(0) ack 1 <mss 1460>

      """
    let limit = "findings: {none_at_or_above: warning}"
    let result = try #require(try Checking.results(limit, script).first)
    #expect(result.verdict == .fail)
    #expect(result.mismatches.first?.finding?.rule.id == "half-open-handshake")
    #expect(result.mismatches.first?.frames == [1, 2, 3, 4])
    let allowed = "findings: {none_at_or_above: warning, allow: [half-open-handshake]}"
    #expect(try Checking.verdict(allowed, script) == .pass)
    #expect(try Checking.verdict("findings: {require: [half-open-handshake]}", script) == .pass)
    #expect(try Checking.verdict("findings: {require: [keep-alive]}", script) == .fail)
    #expect(try Checking.verdict("findings: {forbid: [half-open-handshake]}", script) == .fail)
    #expect(try Checking.verdict("findings: {forbid: [keep-alive]}", script) == .pass)
    #expect(try Checking.verdict("each: {require: [half-open-handshake]}", script) == .pass)
    #expect(try Checking.verdict("each: {forbid: [half-open-handshake]}", script) == .fail)
  }

  // MARK: - What a capture cannot decide

  private let complete = "each: {close.outcome: complete}"

  @Test func `what may come yet is undetermined until the capture has gone on for long`() throws {
    let open = Checking.opened + Checking.used
    #expect(try Checking.verdict(complete, open) == .undetermined)
    #expect(try Checking.verdict(Checking.exceptLater + complete, open + Checking.later) == .fail)
    let patient = "patience: 1min\n" + Checking.exceptLater + complete
    #expect(try Checking.verdict(patient, open + Checking.later) == .undetermined)
  }

  @Test func `a leaked CLOSE-WAIT is a failure`() throws {
    let leak = """
      \(Checking.opened)\
      \(Checking.used)\
      +0.001 > F. 101:101(0) ack 2001
      +0.010 < . 2001:2001(0) ack 102
      \(Checking.later)
      """
    let text = Checking.exceptLater + "each: {states.server.last: not CLOSE-WAIT}"
    let result = try #require(try Checking.results(text, leak).first)
    #expect(result.verdict == .fail)
    #expect(result.mismatches.first?.found == "CLOSE-WAIT")
  }

  @Test func `a capture that began late does not have the handshake`() throws {
    let late = Checking.used + Checking.closed
    #expect(try Checking.verdict("each: {handshake.outcome: complete}", late) == .undetermined)
    #expect(try Checking.verdict("each: {handshake.rtt.server: < 1s}", late) == .undetermined)
    #expect(try Checking.verdict("each: {close.outcome: complete}", late) == .pass)
    #expect(try Checking.verdict("each: {close.kind: reset}", late) == .fail)
    // What is seen of the states is their end, or it is not.
    let states = "[SYN-SENT, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT]"
    #expect(try Checking.verdict("each: {states.client: \(states)}", late) == .undetermined)
    let others = "[SYN-SENT, ESTABLISHED, CLOSE-WAIT, LAST-ACK, CLOSED]"
    #expect(try Checking.verdict("each: {states.client: \(others)}", late) == .fail)
  }

  @Test func `a capture that lacks something shows less, never more`() throws {
    let late = Checking.used + Checking.closed
    #expect(try Checking.verdict("each: {traffic.client.payload: 500}", late) == .undetermined)
    #expect(try Checking.verdict("each: {traffic.client.payload: 50}", late) == .fail)
    #expect(try Checking.verdict("each: {states.client.never: [FIN-WAIT-2]}", late) == .fail)
  }

  /// Of a connection its middle alone: neither handshake nor close.
  private let middle = Checking.used

  @Test func `a part of a connection decides what it shows, and nothing else`() throws {
    let states = "[SYN-SENT, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT]"
    let verdicts: [(String, Verdict)] = [
      ("states.client: \(states)", .undetermined),
      ("states.client: [SYN-SENT, CLOSED]", .fail),
      ("states.server.never: [CLOSE-WAIT]", .undetermined),
      ("states.server.never: [ESTABLISHED]", .fail),
      ("close.reset.by: none", .undetermined), ("close.kind: none", .undetermined),
      ("traffic.client.payload: < 1 MB", .undetermined),
      ("traffic.client.payload: \">= 50\"", .pass), ("traffic.client.payload: 50", .fail),
      ("traffic.client.payload: [50, 60]", .fail),
      ("traffic.client.payload: not 50", .pass),
      ("traffic.client.zero_windows: not 0", .undetermined),
      ("first_sender: server", .undetermined), ("roles_from: syn", .undetermined),
      ("handshake.outcome: unseen", .pass), ("handshake.outcome: refused", .undetermined),
      ("order: SYN before client FIN", .undetermined),
      ("order: SYN before SYN-ACK before ACK", .undetermined),
      ("handshake.options.client.mss: 1460", .undetermined),
    ]
    for (line, verdict) in verdicts {
      #expect(try Checking.verdict("each:\n  \(line)\n", middle) == verdict, "\(line)")
    }
  }

  @Test func `what was seen is decided, whatever may come`() throws {
    let begun = """
      \(Checking.opened)\
      +0.001 > F. 1:1(0) ack 1
      +0.010 < . 1:1(0) ack 2

      """
    let verdicts: [(String, Verdict)] = [
      ("close.first: server", .fail), ("close.first: client", .pass),
      ("close.outcome: complete", .undetermined),
      ("order: server FIN before client FIN", .undetermined),
      ("order: client FIN before SYN", .fail), ("handshake.kind: simultaneous", .fail),
      ("handshake.rtt.server: < 1us", .fail), ("handshake.options.client.mss: 1400", .fail),
      ("states.client.never: [SYN-RECEIVED]", .pass),
      ("states.client.never: [TIME-WAIT]", .undetermined),
      ("states.client.through: [FIN-WAIT-1, TIME-WAIT]", .undetermined),
      ("states.client.through: [CLOSE-WAIT, LAST-ACK]", .fail),
    ]
    for (line, verdict) in verdicts {
      #expect(try Checking.verdict("each:\n  \(line)\n", begun) == verdict, "\(line)")
    }
  }

  @Test func `a list that the capture cannot complete is as open as that, and no more`() throws {
    let begun = """
      \(Checking.opened)\
      +0.001 > F. 1:1(0) ack 1
      +0.010 < . 1:1(0) ack 2

      """
    let passed = "SYN-SENT, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2"
    func verdict(_ states: String, _ script: String) throws -> Verdict {
      try Checking.verdict("each: {states.\(states)}", script)
    }
    #expect(try verdict("client: [\(passed), TIME-WAIT]", begun) == .undetermined)
    // It was seen to begin, so nothing came before.
    #expect(try verdict("client: [LISTEN, \(passed)]", begun) == .fail)
    let late = Checking.used + "+0.001 > R. 101:101(0) ack 2001\n"
    #expect(try verdict("client: [SYN-SENT, ESTABLISHED, CLOSED]", late) == .undetermined)
    // It was seen to end, so nothing comes behind.
    #expect(try verdict("client: [ESTABLISHED, CLOSED, LISTEN]", late) == .fail)
  }

  @Test func `a capture that was cut, or has one direction alone, leaves open what it lacks`()
    throws
  {
    let text = Checking.exceptLater + "each: {close.outcome: complete}"
    let open = Checking.opened + Checking.used + Checking.later
    #expect(try Checking.verdict(text, open) == .fail)
    #expect(
      try Checking.verdicts(text, open, error: "cut short")["each: close.outcome"] == .undetermined)
    let oneWay = """
      > S 0:0(0) <mss 1460>
      +0.010 > . 1:1(0) ack 1
      +0.001 > P. 1:101(100) ack 1
      +0.010 > . 101:101(0) ack 2001
      \(Checking.later)
      """
    #expect(try Checking.verdict(text, oneWay) == .undetermined)
  }

  @Test func `what chooses connections is as unsure as anything else`() throws {
    let late = Checking.used + Checking.closed
    let each = "each: {where: {handshake.outcome: complete}, close.outcome: complete}"
    #expect(try Checking.verdict(each, late) == .undetermined)
    let some = "some: [{where: {handshake.outcome: complete}, count: 0}]"
    #expect(try Checking.verdict(some, late) == .undetermined)
  }

  @Test func `a capture of which nothing could be read decides nothing`() throws {
    let text = "connections: {count: 0}\neach: {close.outcome: complete}\n"
    let check = ExpectationCheck(try Expectations(reading: text, file: "expect.yml"))
    var summary = TraceSummary(capture: "missing.pcap", linkType: nil)
    summary.error = "cannot open"
    check.captureEnded(summary)
    #expect(check.results.map(\.verdict) == [.undetermined, .undetermined])
  }

  @Test func `a gap of the capture may hide what is missing`() throws {
    let gap = """
      \(Checking.opened)\
      +0.001 > P. 1:101(100) ack 1
      +0.010 < . 1:1(0) ack 301
      +0.010 > R. 301:301(0) ack 1

      """
    #expect(try Checking.verdict("each: {require: [keep-alive]}", gap) == .undetermined)
    #expect(try Checking.verdict("each: {traffic.client.gaps.count: 0}", gap) == .fail)
    #expect(try Checking.verdict("quality: complete", gap) == .fail)
    #expect(try Checking.verdict("quality: complete", Checking.whole) == .pass)
  }

  @Test func `a capture that could not be read to its end decides less`() throws {
    let text = "quality: complete\nconnections: {count: 2}\n" + complete
    let verdicts = try Checking.verdicts(text, Checking.opened, error: "cut short")
    #expect(
      verdicts == [
        "quality": .fail, "connections: count": .undetermined,
        "each: close.outcome": .undetermined,
      ])
  }

  @Test func `2·MSL that have not passed are no failure`() throws {
    let text =
      "each: {states.client: [SYN-SENT, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT, CLOSED]}"
    #expect(try Checking.verdict(text, Checking.whole) == .undetermined)
    #expect(
      try Checking.verdict("each: {states.client.last: CLOSED}", Checking.whole) == .undetermined)
    #expect(
      try Checking.verdict("each: {states.client.last: ESTABLISHED}", Checking.whole) == .fail)
    let other =
      "each: {states.client: [SYN-SENT, ESTABLISHED, CLOSE-WAIT, LAST-ACK, CLOSED]}"
    #expect(try Checking.verdict(other, Checking.whole) == .fail)
  }

  @Test func `failures hide what is undetermined, and of many some are told`() throws {
    let script = (0..<8).map { number in
      let place = "client \(number + 1) server 20 service 9"
      return """
        +0.010 > S 0:0(0) <mss 1460> \(place)
        +0.001 < R. 0:0(0) ack 1 \(place)

        """
    }.joined()
    let text = "each: {handshake.outcome: complete}"
    let result = try #require(try Checking.results(text, script + Checking.opened).first)
    #expect(result.verdict == .fail)
    #expect(result.mismatches.count == 5)
    #expect(result.untold == 3)
  }

  @Test func `the most serious verdict is the capture's`() {
    func capture(_ verdicts: [Verdict]) -> CheckedCapture {
      CheckedCapture(
        capture: "trace.pcap", expectations: nil,
        results: verdicts.map {
          ExpectationResult(name: "", verdict: $0, expected: "", mismatches: [])
        })
    }
    #expect(capture([.pass, .fail, .undetermined]).verdict == .fail)
    #expect(capture([.pass, .undetermined]).verdict == .undetermined)
    #expect(capture([]).verdict == .pass)
    #expect(capture([.fail, .fail, .pass]).count(.fail) == 2)
  }
}

/// What an RFC demands of the ends, requirement by requirement.
struct ProfileTests {
  /// The server takes its window back.
  private let shrinking = """
    > S 0:0(0) <mss 1460>
    +0.010 < S. 0:0(0) ack 1 win 2000 <mss 1460>
    +0.001 > . 1:1(0) ack 1
    +0.001 > P. 1:101(100) ack 1
    +0.010 < . 1:1(0) ack 101 win 1000

    """
  private let name =
    "profile: RFC 9293 §3.8.6 (SHLD-14): The right edge of a window does not move to the left."

  @Test func `every requirement is an expectation, and a clean connection fulfils them`() throws {
    let results = try Checking.results("profile: rfc9293", Checking.whole)
    #expect(results.count == ConformanceProfile.rfc9293.requirements.count)
    #expect(results.allSatisfy { $0.verdict == .pass })
    #expect(results.contains { $0.name == name })
  }

  @Test func `a breach is told by its section, and of the end that is asked for`() throws {
    let verdicts = try Checking.verdicts("profile: rfc9293", shrinking)
    #expect(verdicts[name] == .fail)
    #expect(verdicts.values.count { $0 == .fail } == 1)
    let server = try Checking.verdicts("profile: {name: rfc9293, end: server}", shrinking)
    #expect(server[name] == .fail)
    let client = try Checking.verdicts("profile: {name: rfc9293, end: client}", shrinking)
    #expect(client[name] == .pass)
  }

  @Test func `what only should be counts where that is asked for`() throws {
    let must = try Checking.verdicts("profile: {name: rfc9293, level: must}", shrinking)
    #expect(must[name] == nil)
    #expect(!must.values.contains(.fail))
  }
}
