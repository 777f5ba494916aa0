import Testing
import TraceScript

@testable import Benchmarks

@Suite struct CountCommandTests {
  /// A tool whose valgrind counts `instructions` of every program.
  private func tool(counting instructions: Int) throws -> BenchmarkTool {
    let tool = try BenchmarkTool()
    try tool.install("env", "shift; exec \"$@\"")
    try tool.install(
      "valgrind",
      """
      for argument in "$@"; do
        case "$argument" in --log-file=*) echo "Collected : \(instructions)" > "${argument#*=}";; esac
      done
      """)
    return tool
  }

  private func count(_ tool: BenchmarkTool, updating: Bool = false) throws
    -> (output: String, errors: String, isGood: Bool)
  {
    let (captures, book) = (tool.folder.path + "/captures", tool.folder.path + "/book.json")
    return try tool.run("count", "synfin", captures, book, "--update", updating ? "1" : "0")
  }

  @Test func `what has grown fails and is named, and an update makes it good`() throws {
    let tool = try tool(counting: 200_000_000)
    let names = CountedCapture.all.map(\.name)
    var known = Dictionary(uniqueKeysWithValues: names.map { ($0, 1000.0) })
    known["long"] = 800
    let book = tool.folder.path + "/book.json"
    try InstructionBook(swift: "Swift version 6", instructionsPerPacket: known).write(to: book)

    let grown = try count(tool)
    #expect(!grown.isGood)
    #expect(grown.output.contains("  long 1000.0 (+25.00 %: too many)\n"))
    #expect(grown.output.contains("  ordinary 1000.0 (+0.00 %)\n"))
    #expect(grown.output.contains("with another compiler"))

    #expect(try count(tool, updating: true).isGood)
    #expect(
      try InstructionBook(path: book)
        == InstructionBook(
          swift: "Swift version 7 of this test",
          instructionsPerPacket: Dictionary(uniqueKeysWithValues: names.map { ($0, 1000.0) })))
    let updated = try count(tool)
    #expect(updated.isGood)
    #expect(!updated.output.contains("with another compiler"))
  }

  @Test func `counting nothing is an error, not a gain`() throws {
    let counted = try count(tool(counting: 0), updating: true)
    #expect(!counted.isGood)
    #expect(counted.errors.contains("counted nothing"))
  }
}
