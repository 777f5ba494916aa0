import Foundation
import Testing
import TraceScript

/// `-o PATH`: what was there stays until there is something better.
struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var list = FrameList()
    list.connection(from: .version4(1, port: 50000), to: .version4(2, port: 80))
    _ = try folder.file("one.pcap", list.capture)
    _ = try folder.file("cut.pcap", Array(list.capture.dropLast()))
    _ = try folder.file("old.txt", Array("earlier".utf8))
  }

  private func run(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(arguments, in: folder.path)
  }

  private func text(_ name: String) -> String? {
    try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  private var files: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
  }

  @Test func `a report replaces what was there, and standard output stays empty`() throws {
    let plain = try run("one.pcap").output
    let outcome = try run("one.pcap", "-o", "old.txt")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(text("old.txt") == plain)
    _ = try run("one.pcap", "--output", "new.txt")
    #expect(text("new.txt") == plain)
    #expect(files == ["one.pcap", "cut.pcap", "old.txt", "new.txt"])
  }

  @Test func `what could be read of a cut capture is kept`() throws {
    let outcome = try run("cut.pcap", "-o", "old.txt")
    #expect(outcome.status == 2)
    #expect(text("old.txt")?.contains("Incomplete: packet 9 could not be read.") == true)
  }

  @Test(arguments: [["missing.pcap"], ["-f", "tcp prt 80", "one.pcap"]])
  func `nothing is replaced when nothing can be read`(arguments: [String]) throws {
    for format in ["text", "ndjson"] {
      let outcome = try Tool.run(
        arguments + ["-o", "old.txt", "--format", format], in: folder.path)
      #expect(outcome.status == 2 || outcome.status == 64)
      #expect(text("old.txt") == "earlier")
      #expect(files == ["one.pcap", "cut.pcap", "old.txt"])
    }
  }

  @Test func `a capture is not overwritten by its own report`() throws {
    let before = FileManager.default.contents(atPath: folder.path + "/one.pcap")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: "one.pcap")
    for output in ["one.pcap", "./one.pcap", "link"] {
      let outcome = try run("cut.pcap", "one.pcap", "-o", output)
      #expect(outcome.status == 64)
      #expect(outcome.errors.hasPrefix("Error: --output would overwrite a capture"))
    }
    let piped = try Tool.shell(#""$SYNFIN" - -o one.pcap < one.pcap"#, in: folder.path)
    #expect(piped.status == 64)
    #expect(FileManager.default.contents(atPath: folder.path + "/one.pcap") == before)
  }

  @Test func `the target of a link is replaced, with its permissions`() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link.txt", withDestinationPath: "old.txt")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: folder.path + "/old.txt")
    _ = try run("one.pcap", "-o", "link.txt")
    #expect(text("old.txt")?.contains("1 connection") == true)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/old.txt")
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  @Test func `what is no regular file is written to`() throws {
    let null = try run("one.pcap", "-o", "/dev/null")
    #expect(null.status == 0)
    let full = try run("one.pcap", "-o", "/dev/full")
    #expect(full.status == 74)
    #expect(full.errors == "error: cannot write '/dev/full': No space left on device\n")
  }

  @Test func `a file that cannot be made is status 74`() throws {
    let outcome = try run("one.pcap", "-o", "no/such/folder.txt")
    #expect(outcome.status == 74)
    #expect(
      outcome.errors == "error: cannot write 'no/such/folder.txt': No such file or directory\n")
    let taken = try run("one.pcap", "-o", ".")
    #expect(taken.status == 74)
    #expect(taken.errors == "error: cannot write '.': Is a directory\n")
  }
}
