import Foundation
import Testing
import TraceScript

/// `synfin check`: what is checked, what it says, and the exit status.
struct CheckTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../SampleCaptures").standardized.path

  private static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: samples))?
    .filter { FileManager.default.fileExists(atPath: "\(samples)/\($0)/trace.pcap") }.sorted() ?? []

  private static func capture(_ name: String) -> String { "\(samples)/\(name)/trace.pcap" }

  // MARK: - The samples

  @Test func `every sample is as its expectations say, whole and decided`() throws {
    let outcome = try Tool.run(["check", Self.samples, "--strict", "--jobs", "2"])
    #expect(outcome.output.hasPrefix("\(Self.names.count) captures, "), "\(outcome.output)")
    #expect(outcome.status == 0)
    #expect(
      try Tool.run(["check", Self.samples, "--strict", "--jobs", "1"]).output == outcome.output)
  }

  /// Nothing that a trace can show tells a `close()` with data unread from an abort.
  private static let alike: Set<Set<String>> = [["abort-by-server", "reset-with-unread-data"]]

  @Test(arguments: names)
  func `what is recorded of a sample is true of it and of no other`(name: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/recorded.yml"
    #expect(try Tool.run(["check", Self.capture(name), "--record", file]).status == 0)
    let captures = Self.names.map(Self.capture)
    let outcome = try Tool.run(
      ["check", "--strict", "--expect", file, "--format", "tap"] + captures)
    for other in Self.names {
      let points = outcome.lines.filter { $0.contains("\(Self.capture(other)): ") }
      let holds = !points.isEmpty && points.allSatisfy { $0.hasPrefix("ok") }
      #expect(holds == (other == name) || Self.alike.contains([name, other]), "\(other)")
    }
  }

  @Test func `what is recorded twice is the same`() throws {
    for name in ["port-reuse", "lost-segment"] {
      let first = try Tool.run(["check", Self.capture(name), "--record", "-"])
      #expect(
        first.output == (try Tool.run(["check", Self.capture(name), "--record", "-"]).output))
    }
  }

  // MARK: - What it says

  @Test func `a failure is told with its frames, its ladder and a filter`() throws {
    let folder = try example()
    try expectGolden(
      try Tool.run(["check", "half-open.pcap", "--no-annotations"], in: folder.path).output,
      "check-failure.txt")
  }

  @Test func `what cannot be decided is told, and fails where that is asked for`() throws {
    let folder = try example()
    let arguments = ["check", "midstream-start.pcap", "--no-annotations"]
    let outcome = try Tool.run(arguments, in: folder.path)
    try expectGolden(outcome.output, "check-undetermined.txt")
    #expect(outcome.status == 0)
    #expect(try Tool.run(arguments + ["--strict"], in: folder.path).status == 3)
  }

  @Test(arguments: ["tap", "junit", "sarif", "annotations"])
  func `every format tells the same`(format: String) throws {
    let folder = try example()
    let captures = ["half-open.pcap", "midstream-start.pcap", "client-closes-first.pcap"]
    var arguments = ["check"] + captures + ["--no-annotations"]
    switch format {
    case "tap": arguments += ["--format", "tap"]
    case "annotations": arguments.removeLast()
    default: arguments += ["--\(format)", "out"]
    }
    let outcome = try Tool.run(
      arguments, environment: format == "annotations" ? ["GITHUB_ACTIONS": "true"] : [:],
      in: folder.path)
    #expect(outcome.status == 1)
    var text = outcome.output
    switch format {
    case "annotations":
      text =
        text.split(separator: "\n").filter { $0.hasPrefix("::") }.joined(separator: "\n") + "\n"
    case "tap": break
    default: text = try String(contentsOfFile: "\(folder.path)/out", encoding: .utf8)
    }
    if format == "sarif" {
      // The rules are the catalogue, which has a golden of its own.
      let results = try #require(text.range(of: "\"results\""))
      let tool = try #require(text.range(of: "\"tool\""))
      text = String(text[results.lowerBound..<tool.lowerBound])
    }
    try expectGolden(text, "check-\(format).txt")
  }

  /// Three captures under one file of expectations.
  private func example() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["half-open", "midstream-start", "client-closes-first"] {
      try FileManager.default.copyItem(
        atPath: Self.capture(name), toPath: "\(folder.path)/\(name).pcap")
    }
    _ = try folder.file(
      "expect.yml",
      Array(
        """
        quality: complete
        each:
          handshake.outcome: complete
          handshake.rtt.server: < 50ms
          close.outcome: complete
          order: client FIN before server FIN
          forbid: [half-open-handshake]
        findings:
          none_at_or_above: warning
        """.utf8))
    return folder
  }

  // MARK: - What is checked

  @Test func `a folder is searched for expectations, and captures are found beside them`() throws {
    let folder = try TemporaryFolder()
    for (path, sample) in [
      ("a/trace.pcap", "half-open"), ("b/c/one.pcap", "half-open"), ("b/c/two.pcap", "ipv6"),
    ] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/"
          + path.prefix { $0 != "." }.split(separator: "/").dropLast().joined(separator: "/"),
        withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: Self.capture(sample), toPath: "\(folder.path)/\(path)")
    }
    _ = try folder.file("a/expect.yml", Array("connections: {count: 1}\n".utf8))
    _ = try folder.file("b/c/one.expect.yaml", Array("connections: {count: 2}\n".utf8))
    _ = try folder.file(
      "b/c/x.expect.json", Array(#"{"capture": "two.pcap", "connections": {"count": 1}}"#.utf8))
    let outcome = try Tool.run(["check", ".", "--format", "tap"], in: folder.path)
    #expect(
      outcome.lines.filter { $0.hasPrefix("ok") || $0.hasPrefix("not") } == [
        "ok 1 - a/trace.pcap: connections: count",
        "not ok 2 - b/c/one.pcap: connections: count",
        "ok 3 - b/c/two.pcap: connections: count",
      ])
    // Captures and files of expectations themselves do as well.
    #expect(try Tool.run(["check", "a/trace.pcap"], in: folder.path).status == 0)
    #expect(try Tool.run(["check", "b/c/one.pcap"], in: folder.path).status == 1)
    #expect(try Tool.run(["check", "b/c/x.expect.json"], in: folder.path).status == 0)
    #expect(try Tool.run(["check", "--expect", "b/c/x.expect.json"], in: folder.path).status == 0)
    #expect(
      try Tool.run(["check", "--expect", "a/expect.yml", "b/c/two.pcap"], in: folder.path).status
        == 0)
  }

  @Test func `what cannot be read is told, and the rest is checked all the same`() throws {
    let folder = try example()
    let outcome = try Tool.run(
      ["check", "client-closes-first.pcap", "missing.pcap", "--no-annotations"], in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("missing.pcap"))
    #expect(outcome.output.hasPrefix("missing.pcap"))
    _ = try folder.file("bad.expect.yml", Array("each: {nope: 1}\n".utf8))
    let bad = try Tool.run(["check", "bad.expect.yml", "half-open.pcap"], in: folder.path)
    #expect(bad.status == 2)
    #expect(bad.errors.contains("error: bad.expect.yml:1:8: there is no field 'nope'"))
    #expect(bad.output.contains("1 capture, "))
  }

  @Test(arguments: [
    ["check"], ["check", "x.pcap", "--jobs", "0"], ["check", "x.pcap", "--format", "html"],
    ["check", "a.pcap", "b.pcap", "--record", "-"],
    ["check", "a.pcap", "--expect", "e.yml", "--record", "-"],
  ])
  func `wrong usage is status 64`(arguments: [String]) throws {
    #expect(try Tool.run(arguments).status == 64)
  }

  @Test func `a capture without expectations says how to have some`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.capture("vlan"), toPath: "\(folder.path)/t.pcap")
    let outcome = try Tool.run(["check", "t.pcap"], in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--record"))
  }

  @Test func `a capture has a file of its own or that of its folder, however it is named`() throws {
    let folder = try TemporaryFolder()
    for name in ["login.pcap", "other.pcap"] {
      try FileManager.default.copyItem(
        atPath: Self.capture("vlan"), toPath: "\(folder.path)/\(name)")
    }
    _ = try folder.file("login.expect.yml", Array("connections: {count: 1}".utf8))
    _ = try folder.file("expect.yml", Array("connections: {count: 2}".utf8))
    let byFolder = try Tool.run(["check", ".", "--format", "tap"], in: folder.path)
    let byName = try Tool.run(
      ["check", "other.pcap", "login.pcap", ".", "--format", "tap"], in: folder.path)
    #expect(byFolder.lines.filter { $0.contains("ok ") }.count == 2)
    #expect(
      byFolder.lines.filter { $0.contains("ok ") } == byName.lines.filter { $0.contains("ok ") })
    // A file that names captures is about no others.
    _ = try folder.file("expect.yml", Array("capture: login.pcap\nconnections: {count: 1}".utf8))
    let stranger = try Tool.run(["check", "other.pcap"], in: folder.path)
    #expect(stranger.status == 2)
    #expect(stranger.errors.contains("is none of the captures that 'expect.yml' is about"))
    // A folder without captures is no success.
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/empty", withIntermediateDirectories: false)
    let empty = try Tool.run(["check", "-e", "expect.yml", "empty"], in: folder.path)
    #expect(empty.status == 2)
    #expect(empty.errors.contains("'empty' has no capture"))
  }

  @Test func `no name of a capture is a command to a CI system`() throws {
    let folder = try TemporaryFolder()
    let name = "::error file=x::\u{1b}.pcap"
    try FileManager.default.copyItem(
      atPath: Self.capture("vlan"), toPath: "\(folder.path)/\(name)")
    _ = try folder.file("e.yml", Array("connections: {count: 2}".utf8))
    for format in ["text", "tap"] {
      let outcome = try Tool.run(
        ["check", "-e", "e.yml", name, "--format", format], in: folder.path)
      #expect(outcome.status == 1)
      #expect(!outcome.lines.contains { $0.drop { $0 == " " }.hasPrefix("::") })
      #expect(!outcome.output.contains("\u{1b}"))
    }
  }

  // MARK: - Baselines

  @Test func `findings that were accepted do not fail, new ones do, vanished ones are told`() throws
  {
    let folder = try example()
    let write = [
      "check", "half-open.pcap", "client-closes-first.pcap", "--write-baseline", "b.json",
    ]
    try FileManager.default.removeItem(atPath: "\(folder.path)/expect.yml")
    #expect(try Tool.run(write, in: folder.path).status == 0)
    try expectGolden(
      try String(contentsOfFile: "\(folder.path)/b.json", encoding: .utf8), "check-baseline.txt")
    func check(_ extra: [String] = []) throws -> Tool.Outcome {
      try Tool.run(
        ["check", "half-open.pcap", "client-closes-first.pcap", "--baseline", "b.json"] + extra,
        in: folder.path)
    }
    #expect(try check().status == 0)
    // Another capture under the same name.
    try FileManager.default.removeItem(atPath: "\(folder.path)/half-open.pcap")
    try FileManager.default.copyItem(
      atPath: Self.capture("zero-window"), toPath: "\(folder.path)/half-open.pcap")
    let changed = try check()
    #expect(changed.status == 1)
    #expect(changed.output.contains("found:    zero-window\n"))
    #expect(changed.output.contains("pass  baseline: vanished findings"))
    #expect(changed.output.contains("half-open-handshake"))
    // Where the captures lie does not depend on where the tool is run, nor does it on how they are named.
    let outside = try Tool.run(
      ["check", "\(folder.path)/./client-closes-first.pcap", "--baseline", "\(folder.path)/b.json"])
    #expect(outside.status == 0)
    let named = try Tool.run(
      ["check", "./half-open.pcap", "--baseline", "b.json"], in: folder.path)
    #expect(named.output.contains("half-open-handshake, "))
    // Of what could not be read nothing is known, and it is not written.
    let missing = try Tool.run(
      ["check", "missing.pcap", "--baseline", "b.json", "--write-baseline", "new.json"],
      in: folder.path)
    #expect(missing.status == 2)
    #expect(missing.output.contains("undetermined  baseline: new findings"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/new.json"))
    _ = try folder.file("b.json", Array("{}".utf8))
    #expect(try check().status == 2)
  }

  // MARK: - What can be expected

  @Test func `everything that can be expected is listed, for people and for editors`() throws {
    let explained = try Tool.run(["check", "--explain"])
    #expect(explained.status == 0)
    try expectGolden(explained.output, "check-explain.txt")
    let schema = try Tool.run(["check", "--schema"])
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(schema.output.utf8)) as? [String: Any])
    let definitions = try #require(root["definitions"] as? [String: Any])
    // Every reference leads somewhere.
    let references = schema.output.matches(of: /"#\/definitions\/([^"]+)"/).map { String($0.1) }
    #expect(!references.isEmpty)
    for reference in Set(references) { #expect(definitions[reference] != nil, "\(reference)") }
    // What a recorded file says is there, nested and with dots.
    let close = try #require(definitions["group:close"] as? [String: Any])
    let names = try #require(close["properties"] as? [String: Any])
    for name in ["kind", "reset.by", "reset"] { #expect(names[name] != nil, "\(name)") }
    // Every field that is explained is there.
    for line in explained.lines where line.wholeMatch(of: /[a-z_]+(\.[a-z_]+)* {2,}.*/) != nil {
      let name = String(line.prefix { $0 != " " })
      #expect(definitions["field:\(name)"] != nil, "\(name)")
    }
  }
}
