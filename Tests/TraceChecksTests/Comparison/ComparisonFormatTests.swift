import FlowReports
import PacketParser
import Testing
import TraceChecks
import TraceScript

/// Comparisons as they are read.
struct ComparisonFormatTests {
  private func written(
    _ comparison: Comparison, _ format: ComparisonFormat, _ style: TextStyle = TextStyle()
  ) -> String {
    var bytes: [UInt8] = []
    let output = ReportOutput { bytes += $0 }
    format.write(comparison, to: output, style: style)
    output.flush()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// All that can happen to a segment, through a NAT and a router.
  private func path() throws -> Comparison {
    let near = PathTests.repeated.replacing(
      "+0.02 < .  1:1(0) ack 3001\n", with: "< R. 1:1(0) ack 3001\n+0.02 < .  1:1(0) ack 3001\n")
    let far = near.split(separator: "\n").map {
      $0.hasPrefix(">")
        ? $0.replacing("mss 1460", with: "mss 1380") + " ttl 63" : String($0)
    }.joined(separator: "\n")
    return TwoPlaces(
      try Script(near), far: try Script(far),
      [
        4: .delayed(by: 2_500_000), 5: .lost, 9: .injected, 11: .copied(after: 300_000),
        12: .lost, 18: .delayed(by: 40_000_000),
      ]
    ).compared()
  }

  private func scenario() throws -> Comparison {
    let before = PathTests.conversation + "\n> S 0:0(0) port 7\n< R. 0:0(0) ack 1 port 7"
    let after =
      PathTests.conversation.replacing("+0.02 < S.", with: "+0.1 < S.").replacing(
        "mss 1460", with: "mss 1400")
      + "\n> S 0:0(0) service 81\n> S 0:0(0) port 8 client 3"
    return Comparison(
      recording(of: try Script(before).frames, named: "before.pcap"),
      recording(of: try Script(after).frames, named: "after.pcap"), mode: .beforeAndAfter)
  }

  @Test(arguments: [nil, 60])
  func `a path reads well at every width`(columns: Int?) throws {
    let text = written(try path(), .text, TextStyle(columns: columns))
    if let columns { #expect(text.split(separator: "\n").allSatisfy { $0.count <= columns }) }
    try expectGolden(text, "path-\(columns.map(String.init) ?? "wide").txt")
  }

  @Test func `a scenario reads well`() throws {
    try expectGolden(written(try scenario(), .text), "scenario.txt")
  }

  @Test func `records are as they were reviewed`() throws {
    try expectGolden(written(try path(), .ndjson), "path.ndjson")
    try expectGolden(written(try scenario(), .ndjson), "scenario.ndjson")
  }

  @Test func `of many segments some are told, of many connections so many as are asked for`() throws
  {
    let many = (0..<30).map { "> P. \(1 + $0):\(2 + $0)(1) ack 1\n" }.joined()
    let start = "> S 0:0(0)\n< S. 0:0(0) ack 1\n> . 1:1(0) ack 1\n"
    let losses = (4...33).map { ($0, TwoPlaces.Mishap.lost) }
    let comparison = TwoPlaces(
      try Script(start + many + "< . 1:1(0) ack 31\n> F. 31:31(0) ack 1"),
      Dictionary(uniqueKeysWithValues: losses)
    ).compared()
    let text = written(comparison, .text)
    #expect(text.contains("… and 10 lost; --format ndjson has them all"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("  lost ") } == 20)
    let records = written(comparison, .ndjson).split(separator: "\n")
    #expect(records.count { $0.contains(#""type":"segment""#) } == 30)
    let short = written(comparison, .text, TextStyle(limit: 0))
    #expect(short.contains("… and 1 more; --limit shows them"))
  }

  @Test func `the names of captures cannot steer the terminal`() throws {
    let frames = try Script(PathTests.conversation).frames
    let evil = recording(of: frames, named: "a\u{1b}[31m.pcap")
    let text = written(Comparison(evil, recording(of: frames)), .text)
    #expect(!text.contains("\u{1b}"))
    #expect(text.contains("a\\u{1b}[31m.pcap"))
  }
}
