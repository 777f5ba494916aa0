import FlowAnalysis
import FlowReports
import Foundation
import PacketParser
import Testing
import TraceScript

/// Whole reports of a capture in which most things happen.
struct ReportTests {
  @Test(arguments: [("text", nil), ("text-80", 80), ("text-120", 120)])
  func `text fits the terminal`(name: String, columns: Int?) throws {
    let text = report(eventful(), .text, TextStyle(columns: columns))
    let longest = text.split(separator: "\n").map(\.count).max() ?? 0
    #expect(longest <= columns ?? .max)
    try expectGolden(text, "\(name).txt")
  }

  @Test func `without IPv6 eighty columns show addresses whole`() throws {
    let text = report(eventful(withVersion6: false), .text, TextStyle(columns: 80))
    let table = text.split(separator: "\n\nfindings")[0]
    #expect(!table.contains("…"))
    try expectGolden(text, "text-80-ipv4.txt")
  }

  @Test func `colour marks what is good and what is not`() throws {
    try expectGolden(
      report(eventful(), .text, TextStyle(columns: 120, usesColor: true))
        .replacing("\u{1b}", with: "<ESC>"), "text-color.txt")
  }

  @Test func `the table is cut where it is told to be`() throws {
    try expectGolden(report(eventful(), .text, TextStyle(limit: 2)), "text-limit.txt")
    let none = report(eventful(), .text, TextStyle(limit: 0))
    #expect(none.hasPrefix("findings "))
    #expect(none.contains("\n9 connections: "))
  }

  @Test func `several captures have headings and totals`() throws {
    var text = ""
    let output = ReportOutput { text += String(decoding: $0, as: UTF8.self) }
    let style = TextStyle(namesCaptures: true)
    var captures = [
      analyze(eventful(), .text, style, to: output, "one.pcap"),
      analyze([], .text, style, to: output, "empty\u{1b}.pcap"),
    ]
    var sink = ReportFormat.text.sink(to: output, capture: "missing.pcap", style: style)
    var missing = TraceSummary(capture: "missing.pcap", linkType: nil)
    missing.error = "cannot open 'missing.pcap': No such file or directory"
    sink.captureEnded(missing)
    captures.append(missing)
    ReportFormat.text.writeTotals(of: captures, to: output, style: style)
    output.flush()
    try expectGolden(text, "text-several.txt")
  }

  @Test func `a capture that was not read to its end says so`() {
    var cut = report(eventful(), .text, TextStyle(), error: "cut\nhere")
    #expect(cut.hasSuffix("Incomplete: packet 44 could not be read.\n"))
    cut = report(eventful(), .ndjson, TextStyle(), error: "cut\nhere")
    #expect(cut.hasSuffix(#""complete":false,"error":"cut\nhere"}"# + "\n"))
  }

  @Test func `records hold everything`() throws {
    try expectGolden(report(eventful(), .ndjson, TextStyle()), "records.ndjson")
  }

  @Test func `rows hold what fits into a table`() throws {
    try expectGolden(report(eventful(), .csv, TextStyle()), "connections.csv")
  }

  @Test func `a row says what the record says under the same name`() throws {
    let rows = table(report(eventful(), .csv, TextStyle()))
    let records = try report(eventful(), .ndjson, TextStyle()).split(separator: "\n")
      .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
      .filter { $0["type"] as? String == "connection" }
    #expect(rows.count == records.count + 1)
    var differences: [String] = []
    for (row, record) in zip(rows.dropFirst(), records) {
      #expect(row.count == rows[0].count)
      for (name, field) in zip(rows[0], row) {
        let value = value(of: String(name), in: record)
        let isSame =
          switch value {
          case let text as String: field == text
          case let number as NSNumber: Double(field) == number.doubleValue
          default: field.isEmpty
          }
        if !isSame { differences.append("\(name): '\(field)', not '\(value ?? "")'") }
      }
    }
    #expect(differences == [])
  }

  @Test(arguments: [
    ("plain name.pcap", "plain name.pcap"), ("a,b.pcap", #""a,b.pcap""#),
    (#"say "x".pcap"#, #""say ""x"".pcap""#), ("two\nlines", "\"two\nlines\""),
    ("\r.pcap", "\"\r.pcap\""),
  ])
  func `a name in a row is quoted where it must be`(name: String, field: String) {
    var list = FrameList()
    list.segment(from: .version6(1, port: 1), to: .version6(2, port: 2), .syn, 10)
    let text = report(list.frames, .csv, TextStyle(), name: name)
    #expect(text.contains("\n\(field),1,1:"))
  }

  @Test func `a table has its columns' names once, and without connections too`() {
    var text = ""
    let output = ReportOutput { text += String(decoding: $0, as: UTF8.self) }
    _ = analyze([], .csv, TextStyle(), to: output, "empty.pcap")
    #expect(text.hasPrefix("capture,connection,"))
    #expect(text.count { $0 == "\n" } == 1)
    _ = analyze(eventful(), .csv, TextStyle(), to: output, "one.pcap")
    output.flush()
    #expect(table(text).count { $0[0] == "capture" } == 1)
    #expect(table(text).count { $0[0] == "one.pcap" } == 9)
    // The names stand in what other captures have written before.
    var more = ""
    let rest = ReportOutput(isContinued: true) { more += String(decoding: $0, as: UTF8.self) }
    _ = analyze(eventful(), .csv, TextStyle(), to: rest, "two.pcap")
    rest.flush()
    #expect(more.hasPrefix("two.pcap,"))
  }

  /// The fields of a table in which none is quoted.
  private func table(_ text: String) -> [[Substring]] {
    text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  /// What a record has under the name of a column.
  private func value(of column: String, in record: [String: Any]) -> Any? {
    let findings = record["findings"] as? [[String: Any]] ?? []
    let path = column.split(separator: ".").map(String.init)
    switch path.last {
    case "severity": return findings.first?["severity"]
    case "findings":
      let ids = findings.compactMap { $0["id"] as? String }
      return ids.indices.filter { !ids[..<$0].contains(ids[$0]) }.map { ids[$0] }
        .joined(separator: ";")
    case "state", "evidence":
      let states = record["states"] as? [String: [[String: Any]]]
      return states?[path[0]]?.last?[path[1]]
    default:
      return path.reduce(record as Any?) { ($0 as? [String: Any])?[$1] }
    }
  }

  @Test func `what comes after a failed write is dropped, and the first failure is kept`() {
    struct Full: Error { var number: Int }
    var calls = 0
    let output = ReportOutput { _ in
      calls += 1
      throw Full(number: calls)
    }
    for _ in 0..<3 {
      output.write(String(repeating: "x", count: 100_000))
      output.flush()
    }
    #expect(calls == 1)
    #expect((output.failure as? Full)?.number == 1)
  }

  @Test func `large reports arrive in pieces and in order`() {
    var pieces: [[UInt8]] = []
    let output = ReportOutput { pieces.append($0) }
    let lines = (0..<60_000).map { "line \($0)\n" }
    for line in lines { output.write(line) }
    output.flush()
    output.flush()
    #expect(pieces.count > 1)
    #expect(String(decoding: pieces.joined(), as: UTF8.self) == lines.joined())
  }

  // MARK: - The capture

  private func eventful(withVersion6: Bool = true) -> [[UInt8]] {
    var list = FrameList()
    let web = SocketAddress.version4(255, port: 65535)
    let client = { SocketAddress.version4(200, port: $0) }
    list.connection(from: client(50001), to: web, payload: 1400)
    // Refused, unanswered, half-open.
    list.segment(from: client(50002), to: web, .syn, 10)
    list.segment(from: web, to: client(50002), [.rst, .ack], 0, ack: 11)
    list.segment(from: client(50003), to: web, .syn, 10)
    list.segment(from: client(50003), to: web, .syn, 10)
    list.segment(from: client(50004), to: web, .syn, 10)
    list.segment(from: web, to: client(50004), [.syn, .ack], 20, ack: 11)
    // Reset while open.
    list.segment(from: client(50005), to: web, .syn, 10)
    list.segment(from: web, to: client(50005), [.syn, .ack], 20, ack: 11)
    list.segment(from: client(50005), to: web, .ack, 11, ack: 21)
    list.segment(from: web, to: client(50005), [.rst, .ack], 21, ack: 11)
    // Seen from the middle on, a FIN that nobody acknowledges.
    list.segment(from: client(50006), to: web, [.psh, .ack], 700, ack: 900, payload: 10)
    list.segment(from: client(50006), to: web, [.fin, .ack], 710, ack: 900)
    // The last ACK is missing.
    var cut = FrameList()
    cut.vlans = [12]
    cut.connection(from: client(50007), to: web, payload: 5)
    list.frames += cut.frames.dropLast()
    // Both open at once.
    list.segment(from: client(50008), to: web, .syn, 10)
    list.segment(from: web, to: client(50008), .syn, 20)
    list.segment(from: client(50008), to: web, [.syn, .ack], 10, ack: 21)
    list.segment(from: web, to: client(50008), [.syn, .ack], 20, ack: 11)
    if withVersion6 {
      list.connection(from: .version6(1, port: 50009), to: .version6(2, port: 443))
    }
    // No TCP.
    list.frames.append([UInt8](repeating: 0, count: 60))
    return list.frames
  }

  private func report(
    _ frames: [[UInt8]], _ format: ReportFormat, _ style: TextStyle, error: String? = nil,
    name: String = "trace.pcap"
  ) -> String {
    var text = ""
    let output = ReportOutput { text += String(decoding: $0, as: UTF8.self) }
    _ = analyze(frames, format, style, to: output, name, error: error)
    output.flush()
    return text
  }

  private func analyze(
    _ frames: [[UInt8]], _ format: ReportFormat, _ style: TextStyle, to output: ReportOutput,
    _ name: String, error: String? = nil
  ) -> TraceSummary {
    var analyzer = TraceAnalyzer(
      linkType: .ethernet, capture: name, labelsFrames: format == .ndjson,
      measuresRoundTrips: format.tellsRoundTrips,
      sink: format.sink(to: output, capture: name, style: style))
    for (index, frame) in frames.enumerated() {
      let time = Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(index) * 1_500_000)
      let info = FrameInfo(number: index + 1, time: time, wireLength: frame.count)
      withBytes(of: frame) { analyzer.ingest($0, info) }
    }
    return analyzer.finish(error: error)
  }
}
