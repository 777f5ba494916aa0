import Foundation
import Testing
import TraceScript

struct ShowTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../SampleCaptures").standardized.path

  @Test(arguments: [
    ("client-closes-first", 2), ("client-closes-first", 4), ("vlan", 1), ("midstream-start", 1),
    ("ipv6", 1), ("abort-by-client", 8),
  ])
  func `a frame is shown field by field, with its place in its connection`(
    sample: String, frame: Int
  ) throws {
    let outcome = try Tool.run(
      ["show", "\(Self.samples)/\(sample)/trace.pcap", "--frame", "\(frame)"])
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
    try expectGolden(outcome.output, "show-\(sample)-\(frame).txt")
  }

  @Test func `a frame behind the end is an error that says how many there are`() throws {
    let outcome = try Tool.run(["show", "trace.pcap", "--frame", "12"], in: "\(Self.samples)/vlan")
    #expect(outcome.output == "")
    #expect(outcome.errors == "error: 'trace.pcap' has no frame 12: it has 11 frames\n")
    #expect(outcome.status == 2)
  }

  @Test func `frames are counted from 1`() throws {
    let outcome = try Tool.run(["show", "trace.pcap", "--frame", "0"], in: "\(Self.samples)/vlan")
    #expect(outcome.status == 64)
  }

  @Test func `a frame before the damage is shown, one behind it is not`() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(Self.samples)/vlan/trace.pcap"))
    let cut = [UInt8](whole.prefix(whole.count - 10))
    let before = try Tool.run(["show", "-", "--frame", "10"], input: cut)
    #expect(before.status == 0)
    #expect(before.output.hasPrefix("Frame 10, "))
    let behind = try Tool.run(["show", "-", "--frame", "11"], input: cut)
    #expect(behind.status == 2)
    #expect(behind.output == "")
    #expect(behind.errors.contains("packet 11, at byte "))
  }

  // MARK: - Ladders

  private func show(_ sample: String, _ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["show", "trace.pcap"] + arguments, in: "\(Self.samples)/\(sample)")
  }

  @Test func `the only connection is shown without being named`() throws {
    let unnamed = try show("ipv6")
    #expect(unnamed.status == 0)
    #expect(unnamed.errors == "")
    #expect(unnamed.output.hasPrefix("Connection 1: client [2001:db8:1::10]:50000, "))
    #expect(try show("ipv6", "1").output == unnamed.output)
  }

  @Test func `of several connections one is shown, or all are listed`() throws {
    let second = try show("port-reuse", "2")
    #expect(second.status == 0)
    #expect(second.output.hasPrefix("Connection 2: "))
    let list = try show("port-reuse")
    #expect(list.status == 0)
    #expect(list.output == (try Tool.run(["trace.pcap"], in: "\(Self.samples)/port-reuse")).output)
    #expect(list.errors == "hint: 'synfin show trace.pcap N' tells the story of one of them\n")
  }

  @Test func `a connection that is not there is wrong usage`() throws {
    let outcome = try show("port-reuse", "3")
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("'trace.pcap' has no connection 3: it has 1 to 2."))
    #expect(try show("vlan", "2").errors.contains("it has 1."))
    #expect(try show("vlan", "0").status == 64)
  }

  @Test(arguments: ["json", "mermaid"])
  func `only one connection can be data`(format: String) throws {
    let one = try show("vlan", "--format", format)
    #expect(one.status == 0)
    #expect(one.output.hasPrefix(format == "json" ? #"{"type":"ladder","schema":1,"# : "sequence"))
    let several = try show("port-reuse", "--format", format)
    #expect(several.status == 64)
    #expect(several.output == "")
    #expect(several.errors.contains("'trace.pcap' has 2 connections; name one by its number."))
  }

  @Test func `frames are chosen by their numbers`() throws {
    let outcome = try show("vlan", "--from", "5", "--to", "6")
    #expect(outcome.status == 0)
    let frames = outcome.lines.compactMap { $0.firstMatch(of: /^ +(\d+)  \d/)?.1 }
    #expect(frames == ["5", "6"])
    #expect(try show("vlan", "--from", "6", "--to", "5").status == 64)
    #expect(try show("vlan", "--from", "0").status == 64)
    #expect(try show("vlan", "1", "--frame", "5").status == 64)
    #expect(try show("vlan", "--frame", "5", "--format", "json").status == 64)
  }

  @Test func `what was read of a damaged capture is shown`() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(Self.samples)/vlan/trace.pcap"))
    let cut = [UInt8](whole.prefix(whole.count - 10))
    let outcome = try Tool.run(["show", "-"], input: cut)
    #expect(outcome.status == 2)
    #expect(outcome.output.hasPrefix("Connection 1: "))
    #expect(outcome.output.contains("The capture could not be read to its end"))
    #expect(outcome.errors.contains("packet 11, at byte "))
    let missing = try Tool.run(["show", "missing.pcap", "1"])
    #expect(missing.status == 2)
    #expect(missing.errors.hasPrefix("error: cannot open 'missing.pcap'"))
    #expect(!missing.errors.contains("no connection"))
  }
}
