import FlowAnalysis
import PacketParser
import Testing
import TraceChecks
import TraceScript

/// Scripts and what they come to under a file of expectations.
enum Checking {
  /// The results of a script's capture.
  static func results(
    _ expectations: String, _ script: String, error: String? = nil
  ) throws -> [ExpectationResult] {
    let check = ExpectationCheck(try Expectations(reading: expectations, file: "expect.yml"))
    try run(script, into: check, error: error)
    return check.results
  }

  /// Verdicts by the names of expectations.
  static func verdicts(
    _ expectations: String, _ script: String, error: String? = nil
  ) throws -> [String: Verdict] {
    let results = try results(expectations, script, error: error)
    return Dictionary(uniqueKeysWithValues: results.map { ($0.name, $0.verdict) })
  }

  /// What came of a file with a single expectation.
  static func verdict(
    _ expectations: String, _ script: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Verdict {
    let results = try results(expectations, script)
    #expect(results.count == 1, sourceLocation: sourceLocation)
    return try #require(results.first, sourceLocation: sourceLocation).verdict
  }

  static func run(_ script: String, into sink: some AnalysisSink, error: String? = nil) throws {
    var analyzer = TraceAnalyzer(
      linkType: .ethernet, capture: "trace.pcap", measuresRoundTrips: true, sink: sink)
    for (index, frame) in try Script(script).frames.enumerated() {
      let time = Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds)
      let info = FrameInfo(number: index + 1, time: time, wireLength: frame.bytes.count)
      withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish(error: error)
  }

  // MARK: - Scripts

  static let opened = """
    > S 0:0(0) <mss 1460,sackOK,nop,wscale 7>
    +0.010 < S. 0:0(0) ack 1 <mss 1400>
    +0.001 > . 1:1(0) ack 1

    """
  static let used = """
    +0.001 > P. 1:101(100) ack 1
    +0.010 < P. 1:2001(2000) ack 101
    +0.001 > . 101:101(0) ack 2001

    """
  static let closed = """
    +0.001 > F. 101:101(0) ack 2001
    +0.010 < . 2001:2001(0) ack 102
    +0.010 < F. 2001:2001(0) ack 102
    +0.001 > . 102:102(0) ack 2002

    """
  /// A connection that was opened, used and closed, the client first.
  static let whole = opened + used + closed
  /// The capture goes on with another one.
  static let later = "+5 > S 0:0(0) <mss 1460> client 250 server 251 service 9\n"
  /// Expectations that are not about that.
  static let exceptLater = "connections: {where: {server.port: not 9}}\n"
}
