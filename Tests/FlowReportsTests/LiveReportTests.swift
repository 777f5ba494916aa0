import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What is told of a capture while it runs.
struct LiveReportTests {
  /// One that is opened and closed, one that loses a segment, one that is refused.
  private static let script = """
    > S 0:0(0) <mss 1460>
    +0.01 < S. 0:0(0) ack 1 <mss 1460>
    > . 1:1(0) ack 1
    > P. 1:101(100) ack 1
    +0.3 > P. 1:101(100) ack 1
    < . 1:1(0) ack 101
    > F. 101:101(0) ack 1
    < F. 1:1(0) ack 102
    > . 102:102(0) ack 2
    > S 0:0(0) <mss 1460> port 40001
    < R. 0:0(0) ack 1 port 40001
    """

  /// A host scans, and then opens more connections in good order.
  private static let scan =
    (1...15).map { "> S 0:0(0) <mss 1460,sackOK> service \($0)\n< R. 0:0(0) ack 1 service \($0)" }
    .joined(separator: "\n") + "\n+2\n"
    + (1...70).map {
      """
      > S 0:0(0) <mss 1460> port \($0)
      < S. 0:0(0) ack 1 <mss 1460> port \($0)
      > P. 1:101(100) ack 1 port \($0)
      """
    }.joined(separator: "\n") + "\n+2 > . 101:101(0) ack 1 port 1\n+2 > . 101:101(0) ack 1 port 1"

  private func text(
    of script: String = script, _ make: (ReportOutput) -> any LiveReport
  ) throws -> String {
    var bytes: [UInt8] = []
    let output = ReportOutput { bytes += $0 }
    let report = make(output)
    var analyzer = TraceAnalyzer(
      linkType: .ethernet, capture: "eth0", events: report, sink: report)
    let frames = try Script(script).frames
    var time = Timestamp(nanoseconds: 0)
    for (index, frame) in frames.enumerated() {
      time = Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds)
      let info = FrameInfo(number: index + 1, time: time, wireLength: frame.bytes.count)
      withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
      analyzer.pass(until: time)
    }
    analyzer.noteLoss(CaptureLoss(droppedByKernel: 2, droppedByInterface: 1))
    report.tell(analyzer.status(at: time, received: 14))
    _ = analyzer.finish()
    output.flush()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `events are records`() throws {
    try expectGolden(text { LiveRecords(to: $0, capture: "eth0") }, "live.ndjson")
  }

  @Test func `events are lines`() throws {
    try expectGolden(text { LiveLines(to: $0, style: TextStyle(columns: 100)) }, "live.txt")
  }

  @Test func `what many connections together show is told, and taken back`() throws {
    let records = try text(of: Self.scan) { LiveRecords(to: $0, capture: "eth0") }
    let lines = records.split(separator: "\n").filter { $0.contains("\"scan-connect\"") }
    try #require(lines.count == 2)
    #expect(lines[0].hasPrefix(#"{"type":"finding","schema":1,"capture":"eth0","time":"#))
    #expect(lines[0].contains(#","ongoing":true,"id":"scan-connect","severity":"warning","#))
    #expect(lines[1].hasPrefix(#"{"type":"withdrawal","schema":1,"capture":"eth0","time":"#))
    #expect(lines[1].contains(#","finding":"scan-connect","blame":"192.0.2.1","sources":"#))
    let text = try text(of: Self.scan) { LiveLines(to: $0, style: TextStyle()) }
    let told = text.split(separator: "\n").filter { $0.contains("scan-connect") }
    try #require(told.count == 2)
    #expect(told[0].contains("  warning scan-connect: 192.0.2.1 scanned 15 ports of 192.0.2.2"))
    #expect(told[1].contains("  holds no more: scan-connect: 192.0.2.1 scanned"))
  }

  @Test func `what was missing and comes after all is taken back`() throws {
    let script =
      "> S 0:0(0) <mss 1460>\n+2 > F 0:0(0) port 9\n+2 < S. 0:0(0) ack 1 <mss 1460>\n> . 1:1(0) ack 1"
    let records = try text(of: script) { LiveRecords(to: $0, capture: "eth0") }
    let lines = records.split(separator: "\n").filter { $0.contains("syn-unanswered") }
    try #require(lines.count == 2)
    #expect(lines[0].hasPrefix(#"{"type":"finding","schema":1,"capture":"eth0","connection":1,"#))
    #expect(
      lines[1].hasPrefix(#"{"type":"withdrawal","schema":1,"capture":"eth0","connection":1,"#))
    #expect(lines[1].hasSuffix(#","finding":"syn-unanswered"}"#))
    let text = try text(of: script) { LiveLines(to: $0, style: TextStyle()) }
    let told = text.split(separator: "\n").filter { $0.contains("syn-unanswered") }
    try #require(told.count == 2)
    #expect(told[0].contains("  warning syn-unanswered: The SYN"))
    #expect(told[1].hasSuffix("  syn-unanswered holds no more"))
  }

  @Test func `lines are coloured where that is wanted`() throws {
    let plain = try text { LiveLines(to: $0, style: TextStyle()) }
    let colored = try text { LiveLines(to: $0, style: TextStyle(usesColor: true)) }
    #expect(colored.contains("\u{1b}[32mESTABLISHED\u{1b}[0m") && colored != plain)
    #expect(colored.replacing(/\u{1b}\[\d+m/, with: "") == plain)
  }
}
