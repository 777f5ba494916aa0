import Foundation
import PacketParser
import Testing
import TraceScript

/// What `synfin FILE…` says, where, and with which exit status.
struct AnalyzeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.file("one.pcap", Self.capture)
    _ = try folder.file("empty.pcap", CaptureBytes().pcap([]))
    _ = try folder.file("cut.pcap", Array(Self.capture.dropLast(3)))
    var usb = CaptureBytes()
    usb.linkType = 189
    _ = try folder.file("usb.pcap", usb.pcap([CapturedFrame([1, 2, 3])]))
    _ = try folder.file("nothing.pcap", [])
    _ = try folder.file("notes.txt", Array("just a text\n".utf8))
  }

  private static let capture: [UInt8] = {
    var list = FrameList()
    list.connection(from: .version4(1, port: 50000), to: .version4(2, port: 80))
    return list.capture
  }()

  private func run(_ arguments: String..., input: [UInt8]? = nil) throws -> Tool.Outcome {
    try Tool.run(arguments, input: input, in: folder.path)
  }

  // MARK: - Exit status, and what goes where

  @Test func `a capture that is read gives status 0 and nothing on standard error`() throws {
    let outcome = try run("one.pcap")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("1 connection: opened, closed.\n"))
    let named = try run("analyze", "one.pcap")
    #expect(named.output == outcome.output)
  }

  @Test(arguments: [
    "missing.pcap", "cut.pcap", "usb.pcap", "nothing.pcap", "notes.txt", ".",
  ])
  func `a capture that cannot be read is status 2, and the reason is told`(name: String) throws {
    let outcome = try run(name)
    #expect(outcome.status == 2)
    try expectGolden(
      "standard output:\n\(outcome.output)\nstandard error:\n\(outcome.errors)",
      "unreadable-\(name == "." ? "folder" : name).txt")
    let json = try run(name, "--format", "ndjson")
    #expect(json.status == 2)
    #expect(json.errors == outcome.errors)
    #expect(json.lines.dropLast().last?.contains(#""complete":false,"error":"cannot "#) == true)
  }

  @Test func `an empty capture is no error`() throws {
    let outcome = try run("empty.pcap")
    #expect(outcome.status == 0)
    #expect(outcome.output == "No TCP connections.\nNo packets.\n")
  }

  @Test(arguments: [
    [], ["--limit", "-1", "one.pcap"], ["--limit=-1", "one.pcap"], ["--jobs", "0", "one.pcap"],
    ["--max-connections", "0", "one.pcap"], ["--max-memory", "0", "one.pcap"],
    ["--max-memory", "9999999999T", "one.pcap"], ["--max-memory", "lots", "one.pcap"],
    ["--format", "xml", "one.pcap"],
    ["--nonsense", "one.pcap"], ["-f", "tcp prt 80", "one.pcap"], ["--frames", "one.pcap"],
  ])
  func `wrong usage is status 64`(arguments: [String]) throws {
    let outcome = try Tool.run(arguments, in: folder.path)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("Error: "))
  }

  @Test func `a bad filter is shown with its column`() throws {
    let outcome = try run("-f", "tcp prt 80", "one.pcap")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines[0].hasPrefix("Error: cannot use the filter: "))
    #expect(lines[0].hasSuffix(", at column 5"))
    #expect(lines[1] == "  tcp prt 80")
    #expect(lines[2] == "      ^")
  }

  @Test func `an unknown format is answered with the known ones`() throws {
    let errors = try run("--format", "xml", "one.pcap").errors
    #expect(errors.contains("'text'") && errors.contains("'ndjson'"))
  }

  // MARK: - Several captures

  @Test func `several captures are told in their order, a bad one among them`() throws {
    let outcome = try run("one.pcap", "missing.pcap", "empty.pcap")
    #expect(outcome.status == 2)
    try expectGolden(outcome.output, "several.txt")
    #expect(outcome.errors == "error: cannot open 'missing.pcap': No such file or directory\n")
    let json = try run("one.pcap", "missing.pcap", "empty.pcap", "--format", "ndjson")
    let captures = json.lines.dropLast().map { line in
      line.split(separator: "\"capture\":\"").dropFirst().first?.prefix { $0 != "\"" }
    }
    #expect(captures == ["one.pcap", "one.pcap", "missing.pcap", "empty.pcap"])
  }

  @Test func `a filter that suits only the first capture is the second one's trouble`() throws {
    var raw = CaptureBytes()
    raw.linkType = 101
    let path = try folder.file("raw.pcap", raw.pcap([]))
    let outcome = try run("one.pcap", path, "-f", "vlan 5")
    let alone = try run(path, "-f", "vlan 5")
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("9 packets: all filtered out."))
    #expect(outcome.errors.hasPrefix("error: '\(path)': cannot use the filter: "))
    #expect(alone.status == 64)
  }

  // MARK: - Input

  @Test func `standard input is a capture`() throws {
    let outcome = try run("-", input: Self.capture)
    #expect(outcome.status == 0)
    let named = try run("one.pcap")
    #expect(outcome.output == named.output)
    let piped = try Tool.shell(#"cat one.pcap | "$SYNFIN" -"#, in: folder.path)
    #expect(piped.output == named.output)
    let empty = try run("-", input: [])
    #expect(empty.status == 2)
    #expect(empty.errors.hasPrefix("error: cannot read standard input: it is empty\n"))
  }

  @Test func `compressed captures are read as they are`() throws {
    let gzip = try folder.file("one.pcap.gz", gzipMember(Self.capture))
    let zstandard = try folder.file("one.pcap.zst", zstandardFrame(Self.capture))
    let plain = try run("one.pcap").output
    let outputs = try [gzip, zstandard].map { try run($0).output }
    #expect(outputs == [plain, plain])
  }

  @Test func `a filter holds frames back and says how many`() throws {
    let outcome = try run("one.pcap", "-f", "src port 80", "--format", "ndjson")
    #expect(outcome.status == 0)
    let summary = try #require(outcome.lines.dropLast().last)
    #expect(summary.contains(#""packets":{"read":9,"by_fate":{"tcp":4,"filtered":5}}"#))
  }

  // MARK: - Output

  /// Each process has a hash seed of its own, so an order that came from it would show.
  @Test(arguments: [["--format", "text"], ["--format", "ndjson", "--frames"]])
  func `the same capture gives the same bytes`(options: [String]) throws {
    try writeManyConnections()
    let outputs = try (0..<2).map { _ in
      try Tool.run(["many.pcap"] + options, in: folder.path).output
    }
    #expect(outputs[0].count > 10_000)
    #expect(outputs[0] == outputs[1])
  }

  @Test func `without a terminal there is neither colour nor progress`() throws {
    let outcome = try run("one.pcap", "cut.pcap")
    #expect(!outcome.output.contains("\u{1b}"))
    #expect(!outcome.errors.contains("\u{1b}"))
    #expect(!outcome.errors.contains("\r"))
  }

  @Test func `a reader that has seen enough is no error`() throws {
    try writeManyConnections()
    let outcome = try Tool.shell(#""$SYNFIN" many.pcap --format ndjson | head -1"#, in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.lines.count == 2)
    let short = try Tool.shell(#""$SYNFIN" one.pcap | true"#, in: folder.path)
    #expect(short.status == 0)
    #expect(short.errors == "")
  }

  @Test func `a pipe that does not wait gets everything all the same`() throws {
    try writeManyConnections()
    let pipe = Pipe()
    let end = pipe.fileHandleForWriting
    _ = fcntl(end.fileDescriptor, F_SETFL, O_NONBLOCK)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = ["many.pcap", "--format", "ndjson"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = end
    process.standardError = FileHandle.nullDevice
    try process.run()
    try end.close()
    // Longer than it takes to fill the pipe.
    Thread.sleep(forTimeInterval: 0.5)
    let output = try #require(try pipe.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(output.count { $0 == UInt8(ascii: "\n") } == 2001)
  }

  private func writeManyConnections() throws {
    _ = try folder.file("many.pcap", FrameList.refusals(2000))
  }

  @Test func `an output that takes nothing is status 74`() throws {
    let outcome = try Tool.shell(#""$SYNFIN" one.pcap > /dev/full"#, in: folder.path)
    #expect(outcome.status == 74)
    #expect(outcome.errors == "error: cannot write standard output: No space left on device\n")
  }

  @Test(arguments: [
    ["--max-connections", "1"], ["--max-memory", "1"], ["--max-memory", "1K"],
  ])
  func `what is put away early for want of room is told`(limit: [String]) throws {
    _ = try folder.file("many.pcap", FrameList.refusals(400))
    let outcome = try Tool.run(["many.pcap"] + limit, in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(" connections put away early: the table was full.\n"))
    let roomy = try run("many.pcap", "--max-memory", "1g")
    #expect(!roomy.output.contains("put away early"))
  }

  @Test func `SYNs that nobody answers are told whether the table shows them or not`() throws {
    let script =
      (1...3000).map { "> S 0:0(0) <mss 1460> port \($0)" } + ["+2 > S 0:0(0) port 4000"]
    let frames = try Script(script.joined(separator: "\n")).frames
    _ = try folder.file("flood.pcap", CaptureBytes().pcap(frames))
    func findings(limit: String) throws -> Substring {
      let text = try run("flood.pcap", "--limit", limit).output
      return text[(text.range(of: "findings  ")?.lowerBound ?? text.endIndex)...]
    }
    #expect(
      try findings(limit: "0").contains("syn-unanswered  #1 #2 #3 #4 #5 … 3,000 in all"))
    #expect(try findings(limit: "0") == findings(limit: "5000"))
    #expect(try findings(limit: "0") == findings(limit: "50"))
  }

  @Test func `the table is as long as the limit`() throws {
    let outcome = try run("one.pcap", "--limit", "0")
    #expect(outcome.output.hasPrefix("1 connection: opened, closed.\n"))
  }

  @Test func `a name cannot steer the terminal`() throws {
    _ = try folder.file("evil\u{1b}[2J.pcap", Self.capture)
    let outcome = try run("evil\u{1b}[2J.pcap", "missing\u{1b}[2J.pcap")
    #expect(!outcome.output.contains("\u{1b}"))
    #expect(!outcome.errors.contains("\u{1b}"))
    #expect(outcome.output.contains("evil\\u{1b}[2J.pcap"))
  }
}
