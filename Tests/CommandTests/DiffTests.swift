import Foundation
import Testing
import TraceScript

struct DiffTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../SampleCaptures").standardized.path

  private func diff(_ arguments: String..., input: [UInt8]? = nil) throws -> Tool.Outcome {
    try Tool.run(["diff"] + arguments, input: input, in: Self.samples)
  }

  private func bytes(_ sample: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(Self.samples)/\(sample)/trace.pcap")))
  }

  @Test func `a capture does not differ from itself`() throws {
    let outcome = try diff("vlan/trace.pcap", "-", input: try bytes("vlan"))
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasPrefix("The same traffic at A: vlan/trace.pcap\nand at B: -\n"))
    #expect(
      outcome.output.hasSuffix(
        "1 connection in both, all alike.\n11 segments at both places, all as sent.\n"))
  }

  @Test func `two captures of a scenario differ by what came of it`() throws {
    let outcome = try diff("client-closes-first/trace.pcap", "abort-by-client/trace.pcap")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "")
    try expectGolden(outcome.output, "diff-scenario.txt")
    let records = try diff(
      "client-closes-first/trace.pcap", "abort-by-client/trace.pcap", "--format", "ndjson")
    #expect(records.status == 1)
    #expect(records.lines.dropLast().allSatisfy { $0.hasPrefix(#"{"type":"#) })
    #expect(records.lines.dropLast().last?.hasPrefix(#"{"type":"comparison","schema":1,"#) == true)
  }

  @Test func `what they show can be said`() throws {
    let trace = "vlan/trace.pcap"
    let scenario = try diff(trace, trace, "--no-same-traffic")
    #expect(scenario.status == 0)
    #expect(scenario.output.hasPrefix("Before (A): "))
    let traffic = try diff(trace, "half-open/trace.pcap", "--same-traffic")
    #expect(traffic.status == 1)
    #expect(traffic.output.hasPrefix("The same traffic at A: "))
  }

  @Test func `times may differ by a tolerance`() throws {
    let captures = ["client-closes-first/trace.pcap", "three-segment-close/trace.pcap"]
    func count(_ tolerance: String) throws -> Int {
      let outcome = try Tool.run(
        ["diff", "--tolerance", tolerance] + captures, in: Self.samples)
      return outcome.lines.count { $0.contains(" ms ") }
    }
    #expect(try count("0%,0ns") > 0)
    #expect(try count("1000%,10s") == 0)
    #expect(try diff("--tolerance", "much", captures[0], captures[1]).status == 64)
  }

  @Test func `only frames that match a filter are compared`() throws {
    let outcome = try diff(
      "port-reuse/trace.pcap", "port-reuse/trace.pcap", "-f", "tcp[tcpflags] & tcp-rst != 0")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasSuffix("0 connections in both.\n"))
    let mistake = try diff("vlan/trace.pcap", "vlan/trace.pcap", "-f", "prot 80")
    #expect(mistake.status == 64)
  }

  @Test func `what cannot be read is an error, what can is compared`() throws {
    let missing = try diff("vlan/trace.pcap", "missing.pcap")
    #expect(missing.status == 2)
    #expect(missing.output == "")
    #expect(missing.errors.hasPrefix("error: cannot open 'missing.pcap'"))
    // A link type that nobody decodes.
    var usb = CaptureBytes()
    usb.linkType = 189
    let foreign = try diff(
      "vlan/trace.pcap", "-", input: usb.pcap([CapturedFrame([0, 0])]))
    #expect(foreign.status == 2)
    #expect(foreign.output == "")
    #expect(foreign.errors.contains("(link type 189)"))
    let cut = try diff("vlan/trace.pcap", "-", input: try bytes("vlan").dropLast(10))
    #expect(cut.status == 2)
    #expect(cut.errors.contains("packet 11, at byte "))
    #expect(cut.output.contains("10 segments at both places"))
  }

  @Test func `limits are told where they are reached`() throws {
    let trace = "port-reuse/trace.pcap"
    let outcome = try diff(trace, trace, "--max-segments", "5", "--max-connections", "1")
    // What was compared does not differ; whether the rest does is not known.
    #expect(outcome.status == 3)
    #expect(outcome.output.contains("1 connection of A was beyond the limit and not compared.\n"))
    #expect(outcome.output.contains("9 segments of B were beyond the limit and not compared.\n"))
  }

  @Test(arguments: [
    ["vlan/trace.pcap"], ["-", "-"], ["vlan/trace.pcap", "vlan/trace.pcap", "--max-segments", "0"],
    ["vlan/trace.pcap", "vlan/trace.pcap", "--limit", "-1"],
    ["vlan/trace.pcap", "vlan/trace.pcap", "--format", "csv"],
  ])
  func `wrong usage is told`(arguments: [String]) throws {
    let outcome = try Tool.run(["diff"] + arguments, in: Self.samples)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
  }
}
