import Foundation
import Testing
import TraceScript

@testable import Benchmarks

@Suite struct MeasureCommandTests {
  @Test func `every capture has a row of each program`() throws {
    let folder = try TemporaryFolder()
    let output = folder.path + "/results.md"
    let synfin = BuiltProduct.program("synfin").path
    let swift = try folder.file("swift", Array("#!/bin/sh\necho Swift version 7 of this test".utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift)
    // Without a path nothing else is installed.
    let command = [
      BuiltProduct.program("Benchmarks").path, "measure", synfin, folder.path + "/captures",
      "--rounds", "1", "--scale", "0.0002", "--swift", swift,
    ]
    _ = try ChildProcess(
      arguments: ["/usr/bin/env", "PATH=/nowhere"] + command, output: output
    ).run()

    let text = try String(contentsOfFile: output, encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
    for capture in BenchmarkCapture.all {
      let first = try #require(rows.firstIndex { $0.contains("| \(capture.name); ") })
      #expect(rows[first].contains("floor"))
      for (index, way) in Way.ofSynfin(at: synfin).enumerated() {
        #expect(rows[first + 1 + index].contains(" \(way.name) "))
      }
    }
    #expect(rows.count == 2 + BenchmarkCapture.all.count * 4)
    #expect(text.contains("libpcap version"))
    #expect(text.contains("- Swift version 7 of this test\n"))
  }

  @Test func `a wrong option is refused`() throws {
    for options in [["--round", "1"], ["--rounds"], ["--rounds", "0"], ["--scale", "x"]] {
      #expect(throws: BenchmarkError.self) {
        try MeasureCommand.run(
          synfin: "/nowhere", captures: NSTemporaryDirectory(), options: options[...])
      }
    }
  }
}
