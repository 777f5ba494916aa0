import Foundation
import Testing
import TraceScript

@testable import Benchmarks

@Suite struct ChildProcessTests {
  @Test func `a child is measured by itself`() throws {
    // It reads into a buffer of so much that its parent is small beside it.
    let large = try ChildProcess(
      arguments: ["dd", "if=/dev/zero", "of=/dev/null", "bs=300000000", "count=1"]
    ).run()
    let small = try ChildProcess(arguments: ["true"]).run()
    #expect(try #require(large.peakBytes) > 300_000_000)
    #expect(large.processorSeconds > 0.01)
    #expect(try #require(small.peakBytes) < 300_000_000)
  }

  @Test func `waiting takes no processor time`() throws {
    let cost = try ChildProcess(arguments: ["sleep", "0.3"]).run()
    #expect(cost.elapsedSeconds >= 0.3)
    #expect(cost.processorSeconds < 0.2)
  }

  @Test func `output and complaints go into their files`() throws {
    let folder = try TemporaryFolder()
    let (output, errors) = (folder.path + "/out", folder.path + "/err")
    _ = try ChildProcess(
      arguments: ["sh", "-c", "echo told; echo complained >&2"], output: output, errors: errors
    ).run()
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "told\n")
    #expect(try String(contentsOfFile: errors, encoding: .utf8) == "complained\n")
  }

  @Test func `a program that fails or is not there is named`() {
    let failing = ChildProcess(arguments: ["sh", "-c", "exit 3"])
    #expect(message { _ = try failing.run() } == "'sh -c exit 3' ended with status 3")
    let missing = ChildProcess(arguments: ["/nowhere/synfin"])
    #expect(
      message { _ = try missing.run() }
        == "cannot run '/nowhere/synfin': No such file or directory")
  }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? BenchmarkError)?.message
    }
  }
}
