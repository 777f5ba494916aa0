import Foundation
import Testing
import TraceScript

/// `synfin findings`, and `--fail-on`.
struct FindingsTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../SampleCaptures").standardized.path

  private func status(_ sample: String, failingOn severity: String) throws -> Int32 {
    try Tool.run(["\(Self.samples)/\(sample)/trace.pcap", "--fail-on", severity]).status
  }

  @Test func `a finding as bad as it may not be is status 1`() throws {
    #expect(try status("half-open", failingOn: "warning") == 1)
    #expect(try status("half-open", failingOn: "error") == 0)
    #expect(try status("simultaneous-close", failingOn: "note") == 1)
    #expect(try status("simultaneous-close", failingOn: "warning") == 0)
    #expect(try status("client-closes-first", failingOn: "note") == 0)
    #expect(try status("half-open", failingOn: "disaster") == 64)
  }

  @Test func `a finding is explained with its condition, its sections and what to do`() throws {
    let outcome = try Tool.run(["findings", "half-open-handshake"])
    #expect(outcome.status == 0)
    try expectGolden(outcome.output, "findings-half-open-handshake.txt")
    #expect(try Tool.run(["findings", "no-such-thing"]).status == 64)
  }

  @Test func `the catalogue lists every finding`() throws {
    let outcome = try Tool.run(["findings"])
    #expect(outcome.status == 0)
    try expectGolden(outcome.output, "findings.txt")
  }
}
