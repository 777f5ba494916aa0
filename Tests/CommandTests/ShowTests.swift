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
}
