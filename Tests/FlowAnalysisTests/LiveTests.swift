import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What is told of connections while they are alive.
struct LiveTests {
  private static let ordinary =
    FindingExample.opening + FindingExample.request
      + """
      > F. 101:101(0) ack 51
      < F. 51:51(0) ack 102
      > . 102:102(0) ack 52

      """

  @Test func `each state and the handshake are told with the frame that shows them`() throws {
    let live = LiveAnalysis(try Script(Self.ordinary).frames)
    #expect(
      live.stories == [
        "client SYN-SENT sent 1", "server LISTEN implied 1", "server SYN-RECEIVED sent 2",
        "client ESTABLISHED presumed 2", "server ESTABLISHED presumed 3", "handshake three-way",
        "client FIN-WAIT-1 sent 7", "server CLOSE-WAIT presumed 7", "server LAST-ACK sent 8",
        "client TIME-WAIT presumed 8", "server CLOSED presumed 9", "closed orderly",
      ])
  }

  @Test(arguments: FindingExample.examples + FindingExample.nearMisses)
  func `what is found while a connection is alive is so at its end`(
    example: FindingExample
  ) throws {
    let live = LiveAnalysis(try Script(example.script).frames)
    for (number, told) in live.findingsBeforeTheEnd {
      let final = live.reports[number].map { $0.findings.map(\.rule.id) } ?? []
      #expect(Set(told).subtracting(final) == [], "of connection \(number)")
    }
    #expect(live.withdrawn.subtracting(Self.ofWhatIsMissing) == [])
  }

  /// What rests on something that did not come, and may be taken back.
  private static let ofWhatIsMissing: Set = [
    "syn-unanswered", "half-open-handshake", "fin-unacked", "close-wait-stuck", "last-ack-missing",
    "owed-reply-missing", "data-never-acked", "pmtu-black-hole", "backoff-missing",
    "zero-window-stuck", "probe-missing", "keep-alive-unanswered", "one-sided",
    "handshake-completed-by-data",
  ]
  /// What only all of a connection shows.
  private static let ofTheWhole: Set = [
    "unsolicited-synack", "reset-forged-suspect", "synack-wrong-ack", "simultaneous-open",
    "abortive-close", "duplicate-ack", "syn-on-established", "land", "ends-after-capture",
    "never-closed", "data-after-reset-sent", "handshake-aborted", "syn-with-data",
    "midstream-start", "gap-in-capture", "reset-mid-stream", "time-wait-refused",
    "reset-after-fin",
    // How long a window was shut is known when it is open again.
    "zero-window",
  ]

  @Test(arguments: FindingExample.examples + FindingExample.nearMisses)
  func `what is missing is told when its time is up, while the connection is alive`(
    example: FindingExample
  ) throws {
    let live = LiveAnalysis(try Script(example.script).frames, andSeconds: 62)
    // A SYN that strays is known to be an attempt of its own when nothing can answer it any more.
    for (number, report) in live.reports where live.metBeforeTheEnd.contains(number) {
      let late = Set(report.findings.map(\.rule.id))
        .subtracting(live.findingsBeforeTheEnd[number] ?? [])
      #expect(late.subtracting(Self.ofTheWhole) == [], "of connection \(number)")
      #expect(
        live.findings[number, default: []].sorted() == report.findings.map(\.rule.id).sorted())
    }
    #expect(live.withdrawn.subtracting(Self.ofWhatIsMissing) == [])
  }

  @Test(arguments: FindingExample.examples + FindingExample.nearMisses)
  func `all that a report says was told before it, once`(example: FindingExample) throws {
    let live = LiveAnalysis(try Script(example.script).frames)
    for (number, report) in live.reports {
      for side in Side.allCases where report[side].states.dropped == 0 {
        #expect(live.states(of: number, side) == report[side].states.map(\.state))
      }
      #expect(
        live.findings[number, default: []].sorted() == report.findings.map(\.rule.id).sorted())
      let closes = live.stories(of: number).filter { $0.hasPrefix("closed ") || $0 == "open again" }
      let isClosed = report.close.outcome == .complete || report.close.outcome == .reset
      #expect(closes.last.map { $0.hasPrefix("closed ") } ?? false == isClosed, "\(closes)")
      let completed = live.stories(of: number).count { $0.hasPrefix("handshake") }
      #expect(completed == (report.handshake.outcome == .complete ? 1 : 0))
    }
    #expect(live.states?.all == [])
  }

  @Test func `a state that was none is taken back`() throws {
    // The server repeats its SYN-ACK: the ACK that seemed to open it has not arrived.
    let script = """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      > . 1:1(0) ack 1
      +1 < S. 0:0(0) ack 1 <mss 1460>
      """
    let live = LiveAnalysis(try Script(script).frames)
    #expect(live.stories.contains("server not ESTABLISHED"))
    #expect(live.states(of: 1, .server) == [.listen, .synReceived])
  }

  @Test func `a reset that was none has closed nothing`() throws {
    // The server has passed the number of the first RST, as its acknowledgment shows that was on its way.
    let script =
      FindingExample.opening + """
        > P. 1:11(10) ack 1
        +0.0001 > R 1:1(0)
        +0.00001 < . 1:1(0) ack 11
        +0.0001 > . 11:11(0) ack 1
        """
    let live = LiveAnalysis(try Script(script).frames)
    #expect(live.stories.suffix(3) == ["closed reset", "server not CLOSED", "open again"])
  }

  @Test func `a connection ends when its time is up, though no frame comes`() throws {
    let frames = try Script("> S 0:0(0) <mss 1460>\n< S. 0:0(0) ack 1 <mss 1460>").frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    let last = Timestamp(seconds: frames[1].seconds, nanoseconds: frames[1].nanoseconds)
    analyzer.pass(until: Timestamp(nanoseconds: last.nanoseconds + 179_000_000_000))
    #expect(live.reports.isEmpty && analyzer.aliveCount == 1)
    #expect(live.findings == [1: ["half-open-handshake"]])
    // Time does not run backwards.
    analyzer.pass(until: last)
    analyzer.pass(until: Timestamp(nanoseconds: last.nanoseconds + 181_000_000_000))
    #expect(live.reports[1]?.endReason == .idle && analyzer.aliveCount == 0)
    #expect(live.findings == [1: ["half-open-handshake"]])
    #expect(analyzer.totals().connections == 1)
    #expect(live.summary == nil)
  }

  @Test func `what was looked at too early ends in time all the same`() throws {
    let frames = try Script("> S 0:0(0) <mss 1460>\n+100 > S 0:0(0) <mss 1460>").frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    let last = Timestamp(seconds: frames[1].seconds, nanoseconds: frames[1].nanoseconds)
    for (seconds, alive) in [(85, 1), (179, 1), (182, 0)] as [(Int64, Int)] {
      analyzer.pass(until: Timestamp(nanoseconds: last.nanoseconds + seconds * 1_000_000_000))
      #expect(analyzer.aliveCount == alive, "\(seconds) seconds after the last segment")
    }
  }

  @Test func `a closed connection ends a minute after it was closed`() throws {
    let frames = try Script(Self.ordinary).frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    let last = Timestamp(seconds: frames[8].seconds, nanoseconds: frames[8].nanoseconds)
    for (seconds, alive) in [(58, 1), (62, 0)] as [(Int64, Int)] {
      analyzer.pass(until: Timestamp(nanoseconds: last.nanoseconds + seconds * 1_000_000_000))
      #expect(analyzer.aliveCount == alive, "\(seconds) seconds after the last segment")
    }
  }

  @Test func `how long a window was shut is told when it is open again`() throws {
    let script =
      FindingExample.opening + FindingExample.request + """
        > . 101:101(0) ack 51 win 0
        +0.2 > . 101:101(0) ack 51 win 1000
        """
    let frames = try Script(script).frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(Array(frames.dropLast()), into: &analyzer)
    #expect(live.findings[1]?.contains("zero-window") != true)
    live.take(Array(frames.suffix(1)), into: &analyzer)
    #expect(live.findings[1]?.contains("zero-window") == true)
  }

  // MARK: - Silence

  /// What is told of a script's connection in each second of the silence after it.
  private func told(
    after script: String, _ seconds: Range<Int64>
  ) throws -> [(second: Int64, what: [String])] {
    let frames = try Script(script).frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    let last = Timestamp(
      seconds: frames[frames.count - 1].seconds, nanoseconds: frames[frames.count - 1].nanoseconds)
    var told: [(Int64, [String])] = []
    for second in seconds {
      let before = live.findings[1] ?? []
      analyzer.pass(until: Timestamp(nanoseconds: last.nanoseconds + second * 1_000_000_000))
      let new = (live.findings[1] ?? []).filter { !before.contains($0) }
      if !new.isEmpty { told.append((second, new)) }
    }
    #expect(analyzer.aliveCount == 1)
    return told
  }

  @Test(arguments: [
    ("syn-unanswered", "> S 0:0(0) <mss 1460>", 2),
    ("half-open-handshake", "> S 0:0(0) <mss 1460>\n< S. 0:0(0) ack 1 <mss 1460>", 2),
    ("fin-unacked", FindingExample.opening + FindingExample.request + "> F. 101:101(0) ack 51", 2),
    (
      "last-ack-missing",
      FindingExample.opening + FindingExample.request
        + "> F. 101:101(0) ack 51\n< F. 51:51(0) ack 102", 2
    ),
    (
      "close-wait-stuck",
      FindingExample.opening + FindingExample.request
        + "> F. 101:101(0) ack 51\n< . 51:51(0) ack 102", 61
    ),
    (
      "data-never-acked",
      FindingExample.opening + FindingExample.request + "> P. 101:201(100) ack 51", 61
    ),
    (
      "zero-window-stuck",
      FindingExample.opening + FindingExample.request + "> . 101:101(0) ack 51 win 0", 61
    ),
  ])
  func `silence is told when it has lasted, though no frame comes`(
    id: String, script: String, second: Int64
  ) throws {
    let told = try told(after: script, 1..<100)
    #expect(told.filter { $0.what.contains(id) }.map(\.second) == [second], "\(told)")
  }

  @Test(arguments: [
    ("syn-unanswered", "> S 0:0(0) <mss 1460>", "+3 < S. 0:0(0) ack 1 <mss 1460>"),
    (
      "half-open-handshake", "> S 0:0(0) <mss 1460>\n< S. 0:0(0) ack 1 <mss 1460>",
      "+3 > . 1:1(0) ack 1"
    ),
    (
      "close-wait-stuck",
      FindingExample.opening + FindingExample.request
        + "> F. 101:101(0) ack 51\n< . 51:51(0) ack 102", "+75 < F. 51:51(0) ack 102"
    ),
    (
      "zero-window-stuck",
      FindingExample.opening + FindingExample.request + "> . 101:101(0) ack 51 win 0",
      "+75 > . 101:101(0) ack 51 win 1000"
    ),
    (
      "data-never-acked",
      FindingExample.opening + FindingExample.request + "> P. 101:201(100) ack 51",
      "+75 < . 51:51(0) ack 201"
    ),
  ])
  func `what comes after all takes back what silence seemed to prove`(
    id: String, script: String, late: String
  ) throws {
    let frames = try Script(script + "\n" + late).frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    #expect(live.withdrawn == [id])
    #expect(live.findings[1]?.contains(id) != true)
    _ = analyzer.finish()
    #expect(live.reports[1]?.findings.contains { $0.rule.id == id } == false)
  }

  @Test func `of very many that are overdue some are told at a time, and in the end all`() throws {
    let script = (0..<3_000).map {
      "> S 0:0(0) <mss 1460> client \(10 + $0 / 500) port \(1024 + $0 % 500)"
    }
    let frames = try Script(script.joined(separator: "\n")).frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    let already = live.findings.count
    var counts: [Int] = []
    for seconds in 2...6 as ClosedRange<Int64> {
      live.pass(seconds, after: frames, &analyzer)
      counts.append(live.findings.values.count { $0 == ["syn-unanswered"] })
    }
    #expect(already < counts[0] && counts[0] < 3_000)
    #expect(counts.last == 3_000)
    #expect(analyzer.aliveCount == 3_000)
  }

  @Test func `a connection that goes on is not looked at for silence`() throws {
    // A segment every half second, for minutes.
    let script =
      FindingExample.opening + FindingExample.request
      + (0..<300).map {
        "+0.5 > P. \(101 + $0):\(102 + $0)(1) ack 51\n< . 51:51(0) ack \(102 + $0)"
      }
      .joined(separator: "\n")
    let live = LiveAnalysis(try Script(script).frames)
    #expect(live.findingsBeforeTheEnd.isEmpty)
  }

  @Test func `of those that are alive the latest are shown, and in which states all are`() throws {
    let script = (1...5).map { "> S 0:0(0) <mss 1460> port \($0)" }.joined(separator: "\n")
    let frames = try Script(script + "\n< S. 0:0(0) ack 1 <mss 1460> port 2").frames
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    analyzer.pass(until: Timestamp(seconds: frames[5].seconds, nanoseconds: 0))
    #expect(analyzer.alive(latest: 2).map(\.number) == [2, 5])
    #expect(analyzer.alive(latest: 9).map(\.number) == [1, 2, 3, 4, 5])
    #expect(analyzer.alive(latest: 0).isEmpty)
    let states = analyzer.states.all.map {
      "\($0.connections) \($0.client?.name ?? "?") \($0.server?.name ?? "?")"
    }
    #expect(states == ["4 SYN-SENT ?", "1 ESTABLISHED SYN-RECEIVED"])
  }

  @Test func `frames that were lost make what is missing less sure, and nothing else`() throws {
    func findings(_ loss: CaptureLoss?) throws -> (of: [Finding], across: [CaptureFinding]) {
      let live = LiveAnalysis()
      var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
      live.take(
        try Script("> S 0:0(0) <mss 1460>\n< S. 0:0(0) ack 1 <mss 1460>").frames, into: &analyzer)
      if let loss { analyzer.noteLoss(loss) }
      live.take(
        try Script("+9 > S 0:0(0) <mss 1460> port 2\n< R. 0:0(0) ack 1 port 2").frames,
        into: &analyzer)
      _ = analyzer.finish()
      return (live.reports.values.flatMap(\.findings), live.capture)
    }
    let (whole, lossy) = (
      try findings(nil), try findings(CaptureLoss(droppedByKernel: 3, droppedByInterface: 2))
    )
    let halfOpen = try #require(whole.of.first { $0.rule.id == "half-open-handshake" })
    let doubted = try #require(lossy.of.first { $0.rule.id == "half-open-handshake" })
    #expect(!halfOpen.isCensored && doubted.isCensored && doubted.severity < halfOpen.severity)
    let refused = lossy.of.filter { $0.rule.id == "connection-refused" }
    #expect(refused.map(\.isCensored) == [false])
    #expect(whole.across.isEmpty)
    #expect(lossy.across.map(\.rule.id) == ["capture-drops"])
    #expect(lossy.across.first?.count == 5 && lossy.across.first?.certainty == .proven)
  }
}
