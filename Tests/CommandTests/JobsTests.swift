import Foundation
import Testing
import TraceScript

/// `--jobs`: how many captures are read at the same time shows in nothing but the time that it takes.
struct JobsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var list = FrameList()
    list.connection(from: .version4(1, port: 50000), to: .version4(2, port: 80))
    _ = try folder.file("one.pcap", list.capture)
    _ = try folder.file("cut.pcap", Array(list.capture.dropLast(3)))
    _ = try folder.file("empty.pcap", CaptureBytes().pcap([]))
    _ = try folder.file("many.pcap", FrameList.refusals(400))
    var raw = CaptureBytes()
    raw.linkType = 101
    _ = try folder.file("raw.pcap", raw.pcap([]))
  }

  private func shell(_ line: String) throws -> Tool.Outcome {
    try Tool.shell(line, in: folder.path)
  }

  @Test(arguments: [
    ("text", ["Incomplete: packet 9 could not be read.", "Not read."]),
    ("ndjson", [#""complete":false,"#, #""complete":false,"#]),
    ("csv", ["cut.pcap,1,", "error: cannot read 'cut.pcap'"]),
  ])
  func `the output is the same with any number of jobs`(format: String, ends: [String]) throws {
    let files = "many.pcap one.pcap cut.pcap missing.pcap empty.pcap many.pcap cut.pcap one.pcap"
    var outcomes: [Tool.Outcome] = []
    for jobs in [1, 2, 3, 20] {
      // In one stream, so that the place of the errors among the results shows too.
      outcomes.append(
        try shell(#""$SYNFIN" --format \#(format) --jobs \#(jobs) \#(files) 2>&1"#))
    }
    #expect(outcomes.map(\.status) == [2, 2, 2, 2])
    let expected = outcomes[0].output
    #expect(outcomes.map { $0.output == expected } == [true, true, true, true])
    // What is wrong with a capture follows on its results.
    let lines = outcomes[0].lines
    let before = lines.indices.filter { lines[$0].hasPrefix("error: cannot ") }
      .map { lines[$0 - 1] }
    #expect(before.count == 3)
    #expect(zip(before, [ends[0], ends[1], ends[0]]).allSatisfy { $0.contains($1) })
  }

  @Test(arguments: ["text", "ndjson", "csv"])
  func `a capture alone is read on two and on three threads with the same output`(format: String)
    throws
  {
    // Refused connections before the damage, more of them than fit one batch.
    let whole = FrameList.refusals(1500)
    _ = try folder.file("damaged.pcap", Array(whole.dropLast(5)))
    for line in ["damaged.pcap", "-f 'tcp port 80' damaged.pcap", "usb.pcap", "missing.pcap"] {
      let one = try shell(#""$SYNFIN" --format \#(format) --jobs 1 \#(line) 2>&1"#)
      #expect(one.status == 2)
      for jobs in [2, 3] {
        let more = try shell(#""$SYNFIN" --format \#(format) --jobs \#(jobs) \#(line) 2>&1"#)
        #expect(more.status == one.status)
        #expect(more.output == one.output, "\(jobs) jobs: \(line)")
      }
    }
  }

  @Test func `two threads end when nobody wants their output any more`() throws {
    _ = try folder.file("long.pcap", FrameList.refusals(20_000))
    let outcome = try shell(
      #""$SYNFIN" --format ndjson --jobs 2 long.pcap | head -1 | wc -l; echo ${PIPESTATUS[0]}"#)
    #expect(outcome.output == "1\n0\n")
    let full = try shell(#""$SYNFIN" --format ndjson --jobs 2 long.pcap > /dev/full"#)
    #expect(full.status == 74)
  }

  /// Standard input stays open until the other capture has been read, and removed.
  @Test func `a capture is read while another one keeps its reader waiting`() throws {
    _ = try folder.file("more.pcap", FrameList.refusals(4000))
    let (process, input, output) = try start(["--jobs", "2", "-", "more.pcap"])
    let path = folder.path + "/more.pcap"
    let size = try #require(FileManager.default.contents(atPath: path)).count
    let isRead = waitUntil { bytesRead(by: process) > size }
    #expect(isRead)
    try FileManager.default.removeItem(atPath: path)
    try input.write(contentsOf: Data(FrameList.refusals(2)))
    try input.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    let first = try #require(text.firstRange(of: "\n2 connections: all refused."))
    let second = try #require(text.firstRange(of: "\n4,000 connections: all refused."))
    #expect(first.lowerBound < second.lowerBound)
  }

  @Test func `there are no more threads than jobs`() throws {
    for jobs in [1, 3] {
      let (process, input, _) = try start(["--jobs", "\(jobs)"] + Array(repeating: "-", count: 5))
      let path = "/proc/\(process.processIdentifier)/task"
      let threads = { (try? FileManager.default.contentsOfDirectory(atPath: path))?.count ?? 0 }
      let areThere = waitUntil { threads() == jobs }
      #expect(areThere)
      Thread.sleep(forTimeInterval: 0.1)
      #expect(threads() == jobs)
      try input.close()
      process.waitUntilExit()
    }
  }

  /// The name of the capture is as long as a path can be, and stands in each record.
  @Test func `more results than there is room for wait for their turn`() throws {
    _ = try folder.file("more.pcap", FrameList.refusals(4000))
    let name = #"$(printf './%.0s' {1..2000})more.pcap"#
    let alone = try shell(#""$SYNFIN" --format ndjson \#(name) > alone; wc -c < alone"#)
    #expect(Int(alone.output.dropLast()) ?? 0 > 16 << 20)
    // The first capture comes when the other has long filled the room.
    let together = try shell(
      #"""
      (sleep 5; cat empty.pcap) | "$SYNFIN" --format ndjson --jobs 2 - \#(name) | tail -n +2 | cmp - alone
      """#)
    #expect(together.status == 0)
    #expect(together.output + together.errors == "")
  }

  @Test func `standard input is read once, by the first that names it`() throws {
    let line = { (jobs: Int) in #""$SYNFIN" --jobs \#(jobs) - one.pcap - < cut.pcap 2>&1"# }
    let (alone, together) = (try shell(line(1)), try shell(line(3)))
    #expect(alone.output.contains("standard input: it is empty"))
    #expect(together.output == alone.output)
    #expect(together.status == 2)
  }

  @Test func `a reader that has seen enough ends all jobs`() throws {
    let outcome = try shell(
      #""$SYNFIN" --format ndjson --jobs 3 many.pcap many.pcap many.pcap missing.pcap | head -1"#)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.lines.count == 2)
  }

  @Test func `an output that takes nothing ends all jobs`() throws {
    let outcome = try shell(
      #""$SYNFIN" --jobs 3 many.pcap one.pcap missing.pcap one.pcap > /dev/full"#)
    #expect(outcome.status == 74)
    #expect(outcome.errors == "error: cannot write standard output: No space left on device\n")
  }

  @Test(arguments: [1, 3])
  func `a filter is refused by the first capture that can be opened`(jobs: Int) throws {
    let wrong = try shell(
      #""$SYNFIN" -f 'vlan 5' --jobs \#(jobs) missing.pcap raw.pcap one.pcap one.pcap"#)
    #expect(wrong.status == 64)
    #expect(!wrong.output.contains("one.pcap"))
    let errors = wrong.errors.split(separator: "\n")
    #expect(errors[0].hasPrefix("error: cannot open 'missing.pcap'"))
    #expect(errors[1].hasPrefix("Error: cannot use the filter: "))
    let suits = try shell(#""$SYNFIN" -f 'vlan 5' --jobs \#(jobs) one.pcap raw.pcap one.pcap"#)
    #expect(suits.status == 2)
    #expect(suits.errors.hasPrefix("error: 'raw.pcap': cannot use the filter: "))
    #expect(suits.output.contains("3 captures, 1 not read. In all:"))
  }

  @Test(arguments: [1, 3])
  func `a finding in any capture fails the run`(jobs: Int) throws {
    let line = #""$SYNFIN" --fail-on note --jobs \#(jobs) empty.pcap many.pcap empty.pcap"#
    #expect(try shell(line).status == 1)
  }

  // MARK: - While it runs

  /// Starts the tool with a pipe as its standard input.
  private func start(_ arguments: [String]) throws -> (Process, input: FileHandle, output: URL) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let output = URL(fileURLWithPath: folder.path + "/output")
    try Data().write(to: output)
    let pipe = Pipe()
    process.standardInput = pipe
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, pipe.fileHandleForWriting, output)
  }

  private func bytesRead(by process: Process) -> Int {
    let counts = try? String(
      contentsOfFile: "/proc/\(process.processIdentifier)/io", encoding: .utf8)
    let line = counts?.split(separator: "\n").first { $0.hasPrefix("rchar: ") }
    return line.flatMap { Int($0.dropFirst(7)) } ?? 0
  }

  private func waitUntil(_ isSo: () -> Bool) -> Bool {
    for _ in 0..<600 {
      if isSo() { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }
}
