import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What many connections together show while they are alive.
struct LiveAcrossConnectionsTests: TrafficScripts {
  /// Nothing ends in so many seconds but what has closed.
  private static let minute: Int64 = 66

  @Test(arguments: AcrossConnectionsTests.examples)
  func `each kind is told before the capture is over, once`(id: String, script: String) throws {
    let live = LiveAnalysis(try Script(script).frames, andSeconds: Self.minute)
    let toldEarly = live.captureEvents.compactMap { event in
      if case .found(let finding) = event.kind { finding.rule.id } else { nil }
    }
    #expect(toldEarly.count { $0 == id } == 1)
    #expect(live.captureFindings == [id])
    #expect(live.capture.map(\.rule.id) == [id])
    #expect(live.capture.map(\.wasTold) == [true])
  }

  @Test func `a flood is told while it lasts, and its summary has the final figures`() throws {
    // Twenty SYNs a second: the hundred and first comes in the fifth second.
    let script = Self.lines(0..<400) {
      "+0.05 > S 0:0(0) <mss 1460> client \(300 + $0) port \(1024 + $0)"
    }
    let frames = try Script(script).frames
    let live = LiveAnalysis(frames, andSeconds: 4)
    let told = try #require(live.captureEvents.first)
    #expect(live.captureEvents.count == 1)
    #expect((5...11).contains(told.time.nanoseconds(since: start(frames)) / 1_000_000_000))
    guard case .found(let early) = told.kind else {
      Issue.record("it was not found")
      return
    }
    #expect(early.rule.id == "syn-flood" && early.severity == .error)
    #expect((101...200).contains(early.count))
    #expect(live.capture.map(\.count) == [400])
  }

  @Test
  func `connections that nobody reads from are told while they last, however slowly they come`()
    throws
  {
    // One in two seconds, and a probe of each every five seconds.
    let script = Self.lines(0..<30) { step in
      let asked = Self.lines(0..<step) {
        (step - $0).isMultiple(of: 3)
          ? "< . 1000:1000(0) ack 101 port \(6000 + $0)\n> . 101:101(0) ack 1001 win 0 port \(6000 + $0)"
          : ""
      }
      return "+2\n" + Self.stalled("port \(6000 + step)") + "\n" + asked
    }
    let frames = try Script(script).frames
    let live = LiveAnalysis(frames, andSeconds: 4)
    let told = try #require(live.captureEvents.first)
    guard case .found(let early) = told.kind else {
      Issue.record("it was not found")
      return
    }
    #expect(early.rule.id == "slow-drain")
    #expect((30...55).contains(told.time.nanoseconds(since: start(frames)) / 1_000_000_000))
    #expect(live.capture.map(\.wasTold) == [true])
  }

  @Test func `a scan is told as soon as it is one, in silence too`() throws {
    let refused = try Script(Self.lines(1..<16) { Self.refused("service \($0)") }).frames
    #expect(seconds(untilToldAfter: refused) == 2)
    let unanswered = try Script(
      Self.lines(1..<16) { Self.unanswered("service \($0)", Self.crafted) }
    ).frames
    #expect(seconds(untilToldAfter: unanswered) == 4)
    #expect(seconds(untilToldAfter: Array(refused.dropLast(2))) == nil)
  }

  @Test(arguments: [
    // A server that is down, whose clients repeat their SYNs after one second or three.
    flood(300, answered: false) + "+0.8\n" + flood(300, answered: false),
    flood(150, answered: false) + "+2.8\n" + flood(150, answered: false),
    // A busy server, and a monitor.
    lines(0..<130) { used("client \(700 + $0) port \(9000 + $0)") } + flood(120),
    lines(0..<90) {
      let place = "server \(3 + $0 % 30) port \(2000 + $0)"
      return $0 % 30 == 7 ? refused(place) : connected(place)
    },
    // The capture begins amid connections of a server.
    lines(0..<20) { "< . 1:1(0) ack 1 client \(10 + $0) port \(5000 + $0)" } + "+9\n"
      + lines(0..<20) { "> P. 1:11(10) ack 1 client \(10 + $0) port \(5000 + $0)" },
    lines(0..<100) { slow($0) },
  ])
  func `what only looks like one is not told`(script: String) throws {
    let live = LiveAnalysis(try Script(script).frames, andSeconds: Self.minute)
    #expect(live.captureEvents.isEmpty)
    let kinds = Set(FindingCatalogue.acrossConnections.map(\.id))
    #expect(kinds.isDisjoint(with: live.capture.map(\.rule.id)))
  }

  /// Connections that are opened, and used only after a while.
  private static func slow(_ number: Int) -> String {
    let place = "server \(3 + number) port \(3000 + number)"
    return "\(opened(place))\n+3 > P. 1:101(100) ack 1 \(place)"
  }

  @Test func `who turns out to be innocent is told to be`() throws {
    let script =
      Self.lines(1..<20) { Self.refused("service \($0)") } + "+3\n"
      + Self.lines(0..<80) { Self.used("service 80 port \(3000 + $0)") }
    let live = LiveAnalysis(try Script(script).frames, andSeconds: Self.minute)
    let story = live.captureEvents.map { event in
      switch event.kind {
      case .found(let finding): finding.rule.id
      case .withdrew(let finding): "no \(finding.rule.id)"
      }
    }
    #expect(story == ["scan-connect", "no scan-connect"])
    #expect(live.capture.isEmpty)
  }

  @Test func `nothing else differs where somebody hears of events`() throws {
    let script =
      Self.flood(300) + Self.lines(1..<60) { Self.refused("service \($0)") }
      + Self.lines(3..<63) { Self.unanswered("client 9 server \($0) service 22", Self.crafted) }
      + Self.later
    let live = LiveAnalysis(try Script(script).frames)
    let file = try Analysis(script: script)
    #expect(live.capture.map(\.message) == file.findings.map(\.message))
    #expect(live.reports.count == file.connections.count)
  }

  private func start(_ frames: [CapturedFrame]) -> Timestamp {
    Timestamp(seconds: frames[0].seconds, nanoseconds: frames[0].nanoseconds)
  }

  /// How many seconds pass after some frames until something is told; `nil` where nothing is.
  private func seconds(untilToldAfter frames: [CapturedFrame]) -> Int? {
    let live = LiveAnalysis()
    var analyzer = TraceAnalyzer(linkType: .ethernet, events: live, sink: live)
    live.take(frames, into: &analyzer)
    guard live.captureEvents.isEmpty else { return 0 }
    for second in 1...9 {
      live.pass(Int64(second), after: frames, &analyzer)
      if !live.captureEvents.isEmpty { return second }
    }
    return nil
  }
}
