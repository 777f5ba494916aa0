import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// Handshakes that nobody completes, and answers to what nobody sent.
struct FloodTests: TrafficScripts {
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

  @Test func `no more hosts take part in a flood than it has handshakes`() throws {
    let count = 1_500
    let script = Self.flood(count, sources: count, answered: false) + Self.later
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.count == count)
    #expect(finding.sources.isEstimate && finding.sources.count <= count)
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

  /// A sink that asks for no report.
  private final class Totals: AnalysisSink {
    private(set) var findings: [String] = []
    private(set) var unanswered: [Int] = []
    private(set) var reported: [Int] = []
    func wantsReport(of number: Int) -> Bool { false }
    func wantsReport(ofUnanswered number: Int) -> Bool { false }
    func connectionEnded(_ report: ConnectionReport) { reported.append(report.number) }
    func found(_ finding: CaptureFinding) {
      findings.append("\(finding.rule.id): \(finding.message)")
    }
    func captureEnded(_ summary: TraceSummary) {}
    func unansweredEnded(_ tally: UnansweredTally) { unanswered = [tally.count] + tally.named }
  }

  private struct Onlooker: SegmentReceiver {
    mutating func take(_ segment: Segment, from sender: Side, of connection: Int) {}
  }

  @Test func `a flood comes to the same whether or not somebody looks at its segments`() throws {
    let script = try Script(
      Self.used("port 7") + "\n" + Self.flood(350, answered: false) + Self.flood(150) + Self.later)
    func analysis(_ segments: (any SegmentReceiver)?) -> (Totals, TraceSummary) {
      let totals = Totals()
      var analyzer = TraceAnalyzer(linkType: .ethernet, segments: segments, sink: totals)
      for (index, frame) in script.frames.enumerated() {
        let time = Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds)
        let info = FrameInfo(number: index + 1, time: time, wireLength: frame.bytes.count)
        withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
      }
      return (totals, analyzer.finish())
    }
    let (alone, summary) = analysis(nil)
    let (observed, observedSummary) = analysis(Onlooker())
    #expect("\(summary)" == "\(observedSummary)")
    #expect(alone.findings == observed.findings)
    #expect(alone.unanswered == observed.unanswered)
    #expect(alone.reported == observed.reported)
    #expect(alone.unanswered.first == 200)
    #expect(alone.findings.contains { $0.hasPrefix("syn-flood: 350 of ") })
  }

  // MARK: - Backscatter

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
    var settings = ScriptSettings()
    (settings.variesInitialSequences, settings.serverInitialSequence) = (false, 0)
    for (number, ids) in [(0, ["backscatter"]), (1, [])] {
      let script = Self.answers(20, "< R. \(number):\(number)(0) ack 1")
      let analysis = Analysis(try Script(script, settings: settings).frames)
      #expect(analysis.findings.map(\.rule.id) == ids)
    }
  }

  @Test func `answers of which the questions were missed go on as connections`() throws {
    let script = Self.lines(0..<20) {
      let place = "client \(10 + $0) port \(1024 + $0)"
      return "< S. 0:0(0) ack 1 <mss 1460> \(place)\n< P. 1:11(10) ack 50 \(place)"
    }
    #expect(try Self.ids(script) == [])
  }
}
