import Foundation
import Testing
import TraceScript

struct HelpTests {
  @Test(arguments: [
    ("synfin", []), ("analyze", ["analyze"]), ("show", ["show"]), ("diff", ["diff"]),
    ("check", ["check"]), ("interfaces", ["interfaces"]), ("live", ["live"]),
  ])
  func `help is as it was reviewed`(name: String, command: [String]) throws {
    let outcome = try Tool.run(command + ["--help"], environment: ["COLUMNS": "80"])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    try expectGolden(outcome.output, "help-\(name).txt")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `there are completions for every shell`(shell: String) throws {
    let outcome = try Tool.run(["--generate-completion-script", shell])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("synfin"))
    #expect(outcome.output.contains("ndjson"))
  }

  @Test func `the version is told`() throws {
    let outcome = try Tool.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }
}
