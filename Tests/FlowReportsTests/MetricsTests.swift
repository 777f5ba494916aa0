import FlowAnalysis
import FlowReports
import FlowTracker
import Foundation
import PacketParser
import Testing
import TraceScript

/// Metrics as text: under the rules of both formats, and saying what was counted.
struct MetricsTests {
  @Test(arguments: [
    (MetricsFormat.prometheus, "metrics.prom"), (.openMetrics, "metrics.openmetrics"),
  ])
  func `everything that is counted has its line`(format: MetricsFormat, golden: String) throws {
    try expectGolden(text(eventful(), format), golden)
  }

  @Test(arguments: MetricsFormat.allCases)
  func `both formats keep their rules, whatever the interface is called`(
    format: MetricsFormat
  ) throws {
    var metrics = eventful()
    metrics.interface = "a\"b\\c\nd\u{1b}é"
    for metrics in [eventful(), metrics, untouched()] {
      let samples = try MetricsGrammar.samples(text(metrics, format), format)
      #expect(samples.count > 150)
      #expect(Set(samples.map(\.series)).count == samples.count)
    }
    let name = text(metrics, format).split(separator: "\n").first { $0.contains("a\\") }
    #expect(
      name == "synfin_capture_info{interface=\"a\\\"b\\\\c\\nd\u{1b}é\",link_type=\"EN10MB\"} 1")
  }

  @Test func `both formats have the same samples`() throws {
    let one = try MetricsGrammar.samples(text(eventful(), .prometheus), .prometheus)
    let other = try MetricsGrammar.samples(text(eventful(), .openMetrics), .openMetrics)
    #expect(one.map(\.series) == other.map(\.series))
    #expect(one.map(\.value) == other.map(\.value))
  }

  @Test func `every kind of finding, state and outcome is there before anything has happened`()
    throws
  {
    let samples = try MetricsGrammar.samples(text(untouched(), .prometheus), .prometheus)
    let series = Set(samples.map(\.series))
    for rule in FindingCatalogue.rules {
      #expect(series.contains("synfin_findings_total{id=\"\(rule.id)\"}"))
    }
    for state in EndpointState.allCases.map(\.name) + ["unknown"] {
      for side in ["client", "server"] {
        #expect(series.contains("synfin_endpoints{side=\"\(side)\",state=\"\(state)\"}"))
      }
    }
    let counted = samples.filter {
      !$0.name.hasPrefix("synfin_capture") && !$0.name.hasPrefix("synfin_start")
    }
    #expect(counted.allSatisfy { $0.value == 0 })
    // What the system does not say is not 0.
    #expect(!series.contains("synfin_packets_dropped_total{by=\"interface\"}"))
    #expect(!series.contains("synfin_last_packet_time_seconds"))
  }

  // MARK: - Histogram

  @Test func `a duration is in the first bucket that is not too short for it`() {
    for (index, bound) in DurationHistogram.bounds.enumerated() {
      var histogram = DurationHistogram()
      histogram.record(nanoseconds: bound)
      histogram.record(nanoseconds: bound + 1)
      var expected = [Int](repeating: 0, count: DurationHistogram.bounds.count + 1)
      expected[index] = 1
      expected[index + 1] = 1
      #expect(histogram.counts == expected)
      #expect(histogram.totalNanoseconds == 2 * bound + 1)
    }
    #expect(DurationHistogram.bounds == DurationHistogram.bounds.sorted())
  }

  @Test func `durations of damaged clocks do no harm`() {
    var histogram = DurationHistogram()
    for duration in [Int64.min, -1, 0, .max, .max] { histogram.record(nanoseconds: duration) }
    #expect(histogram.counts.first == 3)
    #expect(histogram.counts.last == 2)
    #expect(histogram.totalNanoseconds == .max)
  }

  // MARK: - Accept

  @Test(arguments: [
    // What Prometheus sends.
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1"
      + ";q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
    "application/openmetrics-text", "APPLICATION/OpenMetrics-Text ;Version=\"1.0.0\"",
    "text/html, application/openmetrics-text;q=0.001",
    "text/plain;version=0.0.4;q=0.5;escaping=allow-utf-8,application/openmetrics-text;q=0.500",
    "text/plain;version=1.0.0,application/openmetrics-text;q=0.9",
  ])
  func `OpenMetrics is for who asks for it`(accept: String) {
    #expect(MetricsFormat(accept: accept) == .openMetrics)
  }

  @Test(arguments: [
    nil, "", "*/*", "text/plain", "text/html,application/xml;q=0.9,*/*;q=0.8",
    "application/openmetrics-text;q=0", "application/openmetrics-text;version=2.0.0",
    "text/plain;version=0.0.4,application/openmetrics-text;q=0.9",
    "application/openmetrics-textual",
    "application/openmetrics-text;q=2", "application/openmetrics-text;q=0.1234",
    "application/openmetrics-text;q=x", "application/openmetrics-text;q=", ",,;;,q=1",
    "application/openmetrics-text;q=0.-1", "application/openmetrics-text;q=0.+1",
  ])
  func `all others get the text format`(accept: String?) {
    #expect(MetricsFormat(accept: accept) == .prometheus)
  }

  // MARK: - The metrics

  private func text(_ metrics: LiveMetrics, _ format: MetricsFormat) -> String {
    String(decoding: metrics.text(format), as: UTF8.self)
  }

  private func untouched() -> LiveMetrics {
    LiveMetrics(
      interface: "eth0", linkType: "EN10MB",
      startTime: Timestamp(nanoseconds: 1_700_000_000_000_000_000))
  }

  /// Every number is another one where it can be, so that none is in the place of another.
  private func eventful() -> LiveMetrics {
    var metrics = untouched()
    metrics.lastFrameTime = Timestamp(nanoseconds: 1_700_000_012_345_678_900)
    for index in metrics.framesByFate.indices { metrics.framesByFate[index] = 100 + index }
    metrics.wireBytes = 12_345_678_901
    metrics.packetsReceived = 836
    metrics.packetsDroppedByKernel = 7
    metrics.packetsDroppedByInterface = 3
    metrics.liveConnections = 252
    metrics.connectionMemoryBytes = 1 << 20
    for (index, state) in EndpointState.allCases.enumerated() {
      metrics.clientStates[state] = 200 + index
      metrics.serverStates[state] = 300 + index
    }
    metrics.clientStates[nil] = 211
    metrics.serverStates[nil] = 311
    metrics.connectionsEnded = 427
    for index in metrics.handshakes.indices { metrics.handshakes[index] = 400 + index }
    for index in metrics.closes.indices { metrics.closes[index] = 500 + index }
    metrics.findings = findings()
    for duration in [90_000, 180_000, 12_000_000, 12_000_001, 30_000_000_000] as [Int64] {
      metrics.serverRoundTrips.record(nanoseconds: duration)
    }
    metrics.clientRoundTrips.record(nanoseconds: 44_000)
    return metrics
  }

  /// Those of two connections that are refused and one that nobody answers.
  private func findings() -> FindingCounts {
    var list = FrameList()
    let server = SocketAddress.version4(2, port: 80)
    for port: UInt16 in 50001...50003 {
      let client = SocketAddress.version4(1, port: port)
      list.segment(from: client, to: server, .syn, 10)
      guard port < 50003 else { continue }
      list.segment(from: server, to: client, [.rst, .ack], 0, ack: 11)
    }
    var analyzer = TraceAnalyzer(linkType: .ethernet, capture: "live", sink: Nothing())
    for (index, frame) in list.frames.enumerated() {
      let time = Timestamp(nanoseconds: Int64(index) * 1_000_000)
      let info = FrameInfo(number: index + 1, time: time, wireLength: frame.count)
      withBytes(of: frame) { analyzer.ingest($0, info) }
    }
    return analyzer.finish(error: nil).findings
  }

  private struct Nothing: AnalysisSink {
    func connectionEnded(_ report: ConnectionReport) {}
    func captureEnded(_ summary: TraceSummary) {}
  }
}
