import Foundation
import Testing
import TraceScript

@testable import Benchmarks

@Suite struct MeasureCommandTests {
  private static let synfin = BuiltProduct.program("synfin").path
  /// The floor, and each way to run synfin.
  private static let rowsOfCapture = 1 + Way.ofSynfin(at: synfin).count

  /// The rows of the table, and all of the page.
  private func measure(_ tool: BenchmarkTool) throws -> (rows: [Substring], page: String) {
    let captures = tool.folder.path + "/captures"
    let (page, errors, isGood) = try tool.run(
      "measure", Self.synfin, captures, "--rounds", "1", "--scale", "0.0002")
    #expect(isGood, "\(errors)")
    return (page.split(separator: "\n").filter { $0.hasPrefix("|") }, page)
  }

  @Test func `every capture has a row of each program`() throws {
    let (rows, page) = try measure(BenchmarkTool())
    for capture in BenchmarkCapture.all {
      let first = try #require(rows.firstIndex { $0.contains("| \(capture.name); ") })
      #expect(rows[first].contains("floor"))
      for (index, way) in Way.ofSynfin(at: Self.synfin).enumerated() {
        #expect(rows[first + 1 + index].contains(" \(way.name) "))
      }
    }
    #expect(rows.count == 2 + BenchmarkCapture.all.count * Self.rowsOfCapture)
    #expect(page.contains("libpcap version"))
    #expect(page.contains("- Swift version 7 of this test\n"))
  }

  @Test func `another program has a row where it is installed and can read a capture`() throws {
    let tool = try BenchmarkTool()
    try tool.install("tcptrace", "exit 0")
    try tool.install("argus", "exit 1")
    let (rows, _) = try measure(tool)
    #expect(rows.count { $0.contains("| tcptrace ") } == 1)
    #expect(rows.count { $0.contains("| argus ") } == 0)
    #expect(
      rows.count == 2 + BenchmarkCapture.all.count * Self.rowsOfCapture + Self.rowsOfCapture + 1)
  }

  @Test func `a wrong option is refused`() throws {
    for options in [["--round", "1"], ["--rounds"], ["--rounds", "0"], ["--scale", "x"]] {
      #expect(throws: BenchmarkError.self) {
        try MeasureCommand.run(synfin: "/nowhere", captures: "/nowhere", options: options[...])
      }
    }
  }
}
