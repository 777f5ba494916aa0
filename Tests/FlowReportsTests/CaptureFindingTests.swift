import FlowAnalysis
import FlowReports
import PacketParser
import Testing
import TraceScript

/// How reports tell what many connections show together.
struct CaptureFindingTests {
  /// A scan of two hundred ports, a flood of a server, and three connections among them.
  private static let script: String = {
    let options = "<mss 1460,sackOK,nop,wscale 7>"
    var lines: [String] = []
    for index in 1...200 {
      let place = "client 9 service \(index)"
      lines.append("> S 0:0(0) \(options) \(place)")
      lines.append(
        index.isMultiple(of: 80)
          ? "< S. 0:0(0) ack 1 \(options) \(place)\n> R 1:1(0) \(place)"
          : "< R. 0:0(0) ack 1 \(place)")
      lines.append("> S 0:0(0) <mss 1460> client \(300 + index) server 7 service 443")
      guard index.isMultiple(of: 64) else { continue }
      let port = "port \(index)"
      lines.append("> S 0:0(0) \(options) \(port)\n< S. 0:0(0) ack 1 \(options) \(port)")
      lines.append("> P. 1:101(100) ack 1 \(port)\n< . 1:1(0) ack 101 \(port)")
      lines.append("> F. 101:101(0) ack 1 \(port)\n< F. 1:1(0) ack 102 \(port)")
      lines.append("> . 102:102(0) ack 2 \(port)")
    }
    return lines.joined(separator: "\n") + "\n+2 > S 0:0(0) \(options) port 1 service 9"
  }()

  private func report(_ format: ReportFormat, _ style: TextStyle = TextStyle()) throws -> String {
    var text = ""
    let output = ReportOutput { text += String(decoding: $0, as: UTF8.self) }
    var analyzer = TraceAnalyzer(
      linkType: .ethernet, capture: "trace.pcap",
      sink: format.sink(to: output, capture: "trace.pcap", style: style))
    for (index, frame) in try Script(Self.script).frames.enumerated() {
      let time = Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds)
      let info = FrameInfo(number: index + 1, time: time, wireLength: frame.bytes.count)
      withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish()
    output.flush()
    return text
  }

  @Test func `the table shows some connections of a scan and all others`() throws {
    try expectGolden(try report(.text), "text-scan.txt")
  }

  @Test func `the limit is not used up by a scan`() throws {
    let text = try report(.text, TextStyle(limit: 10))
    #expect(text.contains("\n387 "))
    #expect(text.contains("\n… and 394 more, of the findings below\n"))
  }

  @Test func `sentences fit the terminal`() throws {
    let lines = try report(.text, TextStyle(columns: 80)).split(separator: "\n")
    // A filter is to be copied, and is not broken.
    #expect(lines.filter { !$0.hasPrefix("  ") }.allSatisfy { $0.count <= 80 })
  }

  @Test func `each has a record of its own before the summary`() throws {
    let lines = try report(.ndjson).split(separator: "\n")
    let records = lines.suffix(3).map { $0 + "\n" }.joined()
    try expectGolden(records, "records-scan.ndjson")
    #expect(lines.count == 404 + 3)
  }
}
