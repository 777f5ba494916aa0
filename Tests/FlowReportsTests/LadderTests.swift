import FlowAnalysis
import FlowReports
import Foundation
import PacketCapture
import PacketParser
import Testing
import TraceScript

/// Ladders as they are read.
struct LadderTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../SampleCaptures").standardized

  @Test(
    arguments: [
      "client-closes-first", "half-close-with-data", "simultaneous-close", "connection-refused",
      "abort-by-client", "midstream-start",
    ], [80, 120])
  func `a recorded story reads well at every width`(sample: String, columns: Int) throws {
    let path = Self.samples.appendingPathComponent("\(sample)/trace.pcap").path
    var file = try CaptureFile(path: path)
    let linkType = try #require(LinkType(number: file.linkTypeNumber))
    let keeper = ReportKeeper()
    var analyzer = TraceAnalyzer(
      linkType: linkType, ladder: LadderRequest(connection: 1), measuresRoundTrips: true,
      sink: keeper)
    try file.forEachFrame { frame, info in analyzer.ingest(frame, info) }
    _ = analyzer.finish()
    let ladder = try #require(keeper.ladder(1))
    let text = LadderFormat.text.render(
      ladder, capture: "trace.pcap", style: TextStyle(columns: columns))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= columns })
    try expectGolden(text, "ladder-\(sample)-\(columns).txt")
  }

  // MARK: - Scripts

  private static let handshake = """
    > S  0:0(0) win 64240 <mss 1460,nop,wscale 7,sackOK>
    < S. 0:0(0) ack 1 win 65160 <mss 1400,nop,wscale 8,sackOK>
    > .  1:1(0) ack 1 win 502

    """

  /// Two segments are lost, one of them before the capture.
  private static let losses =
    handshake + """
      > P. 1:1001(1000) ack 1 win 502
      > P. 2001:3001(1000) ack 1 win 502
      < .  1:1(0) ack 1001 win 254 <nop,nop,sack 2001:3001>
      > P. 1001:2001(1000) ack 1 win 502
      +1.5 > P. 1001:2001(1000) ack 1 win 502
      dup
      < .  1:1(0) ack 3001 win 0
      +0.3 > . 3000:3000(0) ack 1 win 502
      < .  1:1(0) ack 3001 win 254
      < .  1:1(0) ack 9001 win 254
      """

  private static let longTransfer =
    handshake
    + (0..<40).map { "> P. \(1 + $0 * 1000):\(1001 + $0 * 1000)(1000) ack 1 win 502\n" }.joined()
    + "> P. 39001:40001(1000) ack 1 win 502\n< . 1:1(0) ack 40001 win 254\n"
    + (0..<40).map { "< P. \(1 + $0 * 10):\(11 + $0 * 10)(10) ack 40001 win 254\n" }.joined()
    + "> R. 40001:40001(0) ack 401"

  /// Nearly all that a header can say that it should not.
  private static let oddSegments = """
    > S  0:0(0) unflagged 9 win 64240 <mss 1460,TS val 1 ecr 0,malformed>
    < S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 1 ecr 1>
    > .  1:1(0) ack 1 <TS val 2 ecr 1>
    > P. 1:11(10) ack 1 urg 3 reserved <TS val 3 ecr 1>
    < .  1:1(0) ack 11 <wscale 7,TS val 3 ecr 3>
    > P. 11:21(10) ack 1 <TS val 2 ecr 3>
    > P. 21:31(10) ack 1
    < .  1:1(0) ack 31 <sack 1:11>
    < .  1:1(0) ack 21 <TS val 9 ecr 3>
    > P  31:41(10)
    > F. 51:51(0) ack 1 <TS val 5 ecr 3>
    > P. 41:51(10) ack 1 <TS val 6 ecr 3>
    > F. 41:41(0) ack 1 <TS val 7 ecr 3>
    < .  1:1(0) ack 60 <TS val 10 ecr 3>
    < R. 1:1(0) ack 60
    < P. 1:11(10) ack 60 <TS val 11 ecr 3>
    """

  /// Answers to no SYN and to another, and data behind a FIN.
  private static let wrongNumbers = """
    > S  0:0(0) win 64240 <mss 1460>
    < S. 0:0(0) ack 999 win 65160 <mss 1460>
    > R  999:999(0)
    < S. 7000:7000(0) ack 1 win 65160 <mss 1460>
    > .  1:1(0) ack 7001
    > F. 1:1(0) ack 7001
    < .  7001:7001(0) ack 2
    > P. 2:12(10) ack 7001
    """

  /// A RST that nobody takes, one that draws a challenge ACK, a close, and a late segment.
  private static let resets =
    handshake + """
      < R  900000000:900000000(0)
      < R  101:101(0)
      > .  1:1(0) ack 1 win 502
      > F. 1:1(0) ack 1 win 502
      < F. 1:1(0) ack 2 win 254
      > .  2:2(0) ack 2 win 502
      < .  2:2(0) ack 2 win 254
      +60  > S 500000:500000(0) win 64240
      """

  /// The second SYN begins another connection; between it and its answer comes an old segment.
  private static let newIncarnation =
    handshake + """
      > S  700000:700000(0) win 64240 <mss 1460>
      < P. 1:11(10) ack 1 win 254
      +1 > S 700000:700000(0) win 64240 <mss 1460>
      < S. 900000:900000(0) ack 700001 win 65160 <mss 1460>
      > .  700001:700001(0) ack 900001 win 502
      """

  /// The same, and a challenge ACK shows that the connection lives on.
  private static let strayingSYN =
    handshake + """
      > S  700000:700000(0) win 64240
      < .  1:1(0) ack 1 win 254
      > P. 1:11(10) ack 1 win 502
      """

  /// In a VLAN; TIME-WAIT runs out.
  private static let timer = """
    > S  0:0(0) win 64240 vlan 12
    < S. 0:0(0) ack 1 win 65160 vlan 12
    > .  1:1(0) ack 1 win 502 vlan 12
    < F. 1:1(0) ack 1 win 254 vlan 12
    > .  1:1(0) ack 2 win 502 vlan 12
    > F. 1:1(0) ack 2 win 502 vlan 12
    < .  2:2(0) ack 2 win 254 vlan 12
    +120 > S 0:0(0) win 64240 port 50001
    """

  @Test(
    arguments: [
      ("losses", losses, 1), ("long-transfer", longTransfer, 1), ("resets", resets, 1),
      ("wrong-numbers", wrongNumbers, 1), ("odd-segments", oddSegments, 1),
      ("new-incarnation-old", newIncarnation, 1), ("new-incarnation-new", newIncarnation, 2),
      ("straying-syn", strayingSYN, 1), ("timer", timer, 1), ("unanswered", timer, 2),
    ])
  func `what happens is told in the connection it belongs to`(
    name: String, script: String, connection: Int
  ) throws {
    let ladder = try #require(try ladder(script, LadderRequest(connection: connection)))
    let text = render(ladder)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    try expectGolden(text, "ladder-\(name).txt")
  }

  @Test(arguments: [
    ("0.00005", "", "Captured at the client (likely)"),
    ("0.00005", "offloaded", "Captured at the client"),
    ("0.02", "", "Captured between the two (likely)"),
    ("0.4", "", nil),
  ])
  func `the heading says where the capture was taken, where that is known`(
    toClient: String, checksum: String, line: String?
  ) throws {
    let script = """
      > S  0:0(0) \(checksum)
      +0.02 < S. 0:0(0) ack 1
      +\(toClient) > . 1:1(0) ack 1 \(checksum)
      """
    let text = render(try #require(try ladder(script, LadderRequest(connection: 1))))
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("Captured") }
    #expect(lines.map(String.init) == (line.map { [$0] } ?? []))
  }

  @Test func `long addresses fit eighty columns`() throws {
    var settings = ScriptSettings()
    settings.ipVersion = .v6
    settings.clientInitialSequence = .max - 100
    let ladder = try #require(
      try ladder(Self.losses, LadderRequest(connection: 1), settings: settings))
    try expectGolden(render(ladder), "ladder-losses-ipv6.txt")
  }

  @Test func `frames are chosen, and none of them is folded`() throws {
    let request = LadderRequest(connection: 1, frames: 20...40)
    let text = render(try #require(try ladder(Self.longTransfer, request)))
    try expectGolden(text, "ladder-frames.txt")
  }

  @Test func `states and what is remarkable stand out in colour`() throws {
    let ladder = try #require(try ladder(Self.longTransfer, LadderRequest(connection: 1)))
    let style = TextStyle(columns: 120, usesColor: true)
    try expectGolden(
      LadderFormat.text.render(ladder, capture: "trace.pcap", style: style)
        .replacing("\u{1b}", with: "<ESC>"), "ladder-color.txt")
  }

  @Test(arguments: [("losses", losses), ("long-transfer", longTransfer)])
  func `a ladder is written as data`(name: String, script: String) throws {
    let ladder = try #require(try ladder(script, LadderRequest(connection: 1)))
    let text = LadderFormat.json.render(ladder, capture: "trace.pcap", style: TextStyle())
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(object?["type"] as? String == "ladder")
    try expectGolden(text, "ladder-\(name).json")
  }

  @Test(arguments: [
    ("losses", losses, 1), ("long-transfer", longTransfer, 1), ("timer", timer, 1),
    ("new-incarnation-new", newIncarnation, 2),
  ])
  func `a ladder is drawn as a sequence diagram`(
    name: String, script: String, connection: Int
  ) throws {
    let ladder = try #require(try ladder(script, LadderRequest(connection: connection)))
    let text = LadderFormat.mermaid.render(ladder, capture: "trace.pcap", style: TextStyle())
    // Each line is a statement that Mermaid's grammar has.
    let statement =
      #/sequenceDiagram|\ {2}((participant|Note|client->>|client-x|server->>|server-x)[^;#]+)/#
    #expect(text.split(separator: "\n").allSatisfy { $0.wholeMatch(of: statement) != nil })
    try expectGolden(text, "ladder-\(name).mmd")
  }

  @Test func `a ladder of a damaged capture says so`() throws {
    let keeper = try analyze(Self.losses, LadderRequest(connection: 1))
    let report = try #require(keeper.reports.first { $0.number == 1 })
    let text = render(try #require(Ladder(report, isWhole: false)))
    #expect(text.contains("The capture could not be read to its end"))
  }

  // MARK: - Helpers

  private func render(_ ladder: Ladder) -> String {
    LadderFormat.text.render(ladder, capture: "trace.pcap", style: TextStyle(columns: 80))
  }

  private func ladder(
    _ text: String, _ request: LadderRequest, settings: ScriptSettings = ScriptSettings()
  ) throws -> Ladder? {
    try analyze(text, request, settings: settings).ladder(request.connection)
  }

  private func analyze(
    _ text: String, _ request: LadderRequest, settings: ScriptSettings = ScriptSettings()
  ) throws -> ReportKeeper {
    let keeper = ReportKeeper()
    var analyzer = TraceAnalyzer(
      linkType: .ethernet, capture: "trace.pcap", ladder: request, measuresRoundTrips: true,
      sink: keeper)
    for (index, frame) in try Script(text, settings: settings).frames.enumerated() {
      let info = FrameInfo(
        number: index + 1,
        time: Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds),
        wireLength: frame.wireLength)
      withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish()
    return keeper
  }
}

private final class ReportKeeper: AnalysisSink {
  private(set) var reports: [ConnectionReport] = []

  func connectionEnded(_ report: ConnectionReport) { reports.append(report) }
  func captureEnded(_ summary: TraceSummary) {}

  func ladder(_ number: Int) -> Ladder? {
    reports.first { $0.number == number }.flatMap { Ladder($0) }
  }
}
